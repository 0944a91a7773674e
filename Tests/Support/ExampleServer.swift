import Scenario
import Synchronization

/// The small API used by the examples and the failing scenarios. A response depends only on the request and on how
/// often it was sent.
package enum ExampleServer {
    package static func start() throws -> ScriptedServer {
        let visits = Mutex<[String: Int]>([:])
        let notes = Mutex<[String: String]>([:])
        let tags = Mutex<[String]>([])
        return try ScriptedServer { connection in
            while let request = connection.read() {
                let visit = visits.withLock { visits in
                    visits[request.target, default: 0] += 1
                    return visits[request.target, default: 0]
                }
                if request.target == "/close" { return }
                let response =
                    request.target.hasPrefix("/notes/")
                    ? notes.withLock { note(request, &$0) }
                    : request.target == "/tags"
                        ? tags.withLock { tag(request, &$0) } : answer(to: request, visit: visit)
                guard connection.write(response.bytes) else { return }
            }
        }
    }

    private static let missing = ScriptedAnswer.json("{\"detail\":\"Not found\"}", status: 404)

    /// A resource that keeps what was written to it.
    private static func note(_ request: ScriptedRequest, _ notes: inout [String: String]) -> ScriptedAnswer {
        switch request.method {
        case "PUT": notes[request.target] = String(decoding: request.body, as: UTF8.self)
        case "DELETE": return notes.removeValue(forKey: request.target).map { .json($0) } ?? missing
        default: break
        }
        return notes[request.target].map { .json($0) } ?? missing
    }

    /// A list to which names can be added, and from which they can be removed.
    private static func tag(_ request: ScriptedRequest, _ tags: inout [String]) -> ScriptedAnswer {
        let name = (try? JSONDocument(parsing: request.body))?.root["name"]?.string ?? ""
        switch request.method {
        case "POST": tags.append(name)
        case "DELETE": tags.removeAll { $0 == name }
        default: break
        }
        return .json(#"{"name":"\#(name)","names":[\#(tags.map { #""\#($0)""# }.joined(separator: ","))]}"#)
    }

    private static func answer(to request: ScriptedRequest, visit: Int) -> ScriptedAnswer {
        let path = request.target.prefix { $0 != "?" }
        switch path {
        case "/person":
            return .json(
                """
                {"name": "Ada", "born": "1815-12-10", "id": "550e8400-e29b-41d4-a716-446655440000", "children": 3,
                 "address": {"ipv4": "127.0.0.1", "ipv6": "::1", "home": "https://example.org/ada"}, "spouse": null,
                 "languages": [{"name": "English", "level": 5}, {"name": "French", "level": 4}]}
                """)
        case "/login": return login(request)
        case "/me":
            guard let token = request.headers["authorization"] else {
                return .json("{\"detail\":\"Not authenticated\"}", status: 401)
            }
            return .json("{\"authorization\":\"\(token)\"}")
        case "/todos" where request.method == "POST":
            return ScriptedAnswer(
                201, [("Content-Type", "application/json"), ("Location", "/todos/\(visit)")], body: "{\"id\":\(visit)}")
        case "/cached": return .json("{\"source\":\"\(visit % 4 == 1 ? "db" : "cache")\",\"visit\":\(visit)}")
        case "/limited": return visit <= 5 ? .json("{}") : .json("{\"detail\":\"Too many requests\"}", status: 429)
        case "/job": return .json("{\"state\":\"\(visit < 3 ? "running" : "done")\"}")
        case "/visit": return ScriptedAnswer(204, [("Set-Cookie", "visitor=7; Path=/; HttpOnly")])
        case "/moved": return ScriptedAnswer(302, [("Location", "/echo")])
        case "/page": return ScriptedAnswer(200, [("Content-Type", "text/html")], body: "<h1>Not JSON</h1>")
        case "/error": return .json("{\"detail\":\"Internal Server Error\"}", status: 500)
        default: return echo(request)
        }
    }

    private static func login(_ request: ScriptedRequest) -> ScriptedAnswer {
        guard String(decoding: request.body, as: UTF8.self).contains("password=secret") else {
            return .json("{\"detail\":\"Incorrect username or password\"}", status: 401)
        }
        // {"alg":"HS256","typ":"JWT"} . {"sub":"ada"} . dummy signature
        return .json("{\"access_token\":\"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEifQ.c2lnbmVk\"}")
    }

    /// The request as JSON.
    private static func echo(_ request: ScriptedRequest) -> ScriptedAnswer {
        func quoted(_ text: String) -> String {
            let escaped = text.unicodeScalars.map { scalar in
                scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
                    ? "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16) : String(scalar)
            }
            return "\"\(escaped.joined())\""
        }
        let headers = request.headers.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
        return .json(
            """
            {"method":\(quoted(request.method)),"target":\(quoted(request.target)),\
            "headers":{\(headers.joined(separator: ","))},"body":\(quoted(String(decoding: request.body, as: UTF8.self)))}
            """)
    }
}
