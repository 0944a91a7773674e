extension RawClient {
    /// Sends one well-formed request and reads its response.
    func request(
        _ method: String, _ target: String, token: String? = nil, type: String? = nil, body: String? = nil,
        headers: [String] = []
    ) async throws -> Response {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"] + headers
        if let token { lines.append("Authorization: Bearer \(token)") }
        if let type { lines.append("Content-Type: \(type)") }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        try await send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
        return try await response(isHead: method == "HEAD")
    }

    func get(_ target: String, token: String? = nil, headers: [String] = []) async throws -> Response {
        try await request("GET", target, token: token, headers: headers)
    }

    func post(_ json: String, token: String) async throws -> Response {
        try await request("POST", "/todos", token: token, type: "application/json", body: json)
    }

    func login(_ form: String = "username=admin&password=admin123") async throws -> Response {
        try await request("POST", "/login", type: "application/x-www-form-urlencoded", body: form)
    }

    /// A token of the demonstration user.
    func token() async throws -> String {
        let parts = try await login().body.split(separator: "\"")
        return String(parts[3])
    }
}
