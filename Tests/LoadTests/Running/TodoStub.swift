import Synchronization
import TestSupport

@testable import Load

/// A server with a login and a list that records its requests.
final class TodoStub: Sendable {
    let server: ScriptedServer
    private let log = Log()

    /// The requests so far, with heads and bodies.
    var requests: [String] { log.requests.withLock { $0 } }

    init(body: String = #"{"source":"cache","todos":[1,2]}"#) throws {
        let log = log
        server = try ScriptedServer { connection in
            while let request = connection.read()?.text {
                log.add(request)
                let isKnown = request.contains("Authorization: Bearer s3cret")
                switch request.prefix(while: { $0 != "\r\n" }) {
                case let line where line.contains("/login "): connection.write(answer(#"{"access_token":"s3cret"}"#))
                case "HEAD /todos HTTP/1.1": connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
                case _ where !isKnown: connection.write(answer(#"{"detail":"no"}"#, status: "401 Unauthorized"))
                default: connection.write(answer(body, headers: "Content-Type: application/json\r\n"))
                }
            }
        }
    }

    private final class Log: Sendable {
        let requests = Mutex<[String]>([])
        func add(_ request: String) { requests.withLock { $0.append(request) } }
    }
}
