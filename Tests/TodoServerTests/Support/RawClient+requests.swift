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

    func patch(_ target: String, _ json: String, token: String) async throws -> Response {
        try await request("PATCH", target, token: token, type: "application/json", body: json)
    }

    func delete(_ target: String, token: String) async throws -> Response {
        try await request("DELETE", target, token: token)
    }

    func register(_ json: String) async throws -> Response {
        try await request("POST", "/register", type: "application/json", body: json)
    }

    /// Logs in, by default as the demonstration user, and returns the token.
    func token(_ form: String = "username=admin&password=admin123") async throws -> String {
        let parts = try await login(form).body.split(separator: "\"")
        return String(parts[3])
    }

    /// Registers a user, logs in and returns the token.
    func token(ofNewUser name: String) async throws -> String {
        _ = try await register("{\"username\":\"\(name)\",\"password\":\"pass word\"}")
        return try await token("username=\(name)&password=pass+word")
    }
}
