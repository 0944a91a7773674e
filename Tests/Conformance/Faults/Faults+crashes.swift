import NIOHTTP1

@testable import TodoServer

// Malformed input that causes a 500.
extension Fault {
    private static func crash(
        _ name: String, _ caught: String, where isHit: @escaping @Sendable (Request) -> Bool
    ) -> Fault {
        Fault("returns 500 for \(name)", caught, instead: { isHit($0) ? HTTPError.internalError.response : nil })
    }

    /// A server that fails on some tokens with a valid MAC.
    private static func token(
        _ name: String, _ caught: String,
        where isHit: @escaping @Sendable (_ header: JSONValue?, _ claims: JSONValue?) -> Bool
    ) -> Fault {
        crash(name, caught) { request in
            let segments = request.fields.authorization?.split(separator: ".", omittingEmptySubsequences: false) ?? []
            guard segments.count == 3 else { return false }
            func value(_ segment: Substring) -> JSONValue? {
                Base64URL.decode(segment.utf8).flatMap { try? JSONReader.value(of: $0) }
            }
            return isHit(value(segments[0].dropFirst("Bearer ".count)), value(segments[1]))
        }
    }

    private static func isObject(_ value: JSONValue?) -> Bool {
        if case .object? = value { true } else { false }
    }

    static let crashes: [Fault] = [
        crash("half a surrogate pair", "INPUT-15") { $0.path == "/todos" && $0.text.contains("\\ud800\"") },
        crash("deep nesting", "INPUT-15") { $0.text.contains("[[[[[[[[") },
        crash("a non-ASCII token", "TOKEN-24") { request in
            !(request.fields.authorization ?? "").utf8.allSatisfy { $0 < 0x80 }
        },
        token("claims that are not an object", "TOKEN-23") { header, claims in
            isObject(header) && claims != nil && !isObject(claims)
        },
        token("a header that is not an object", "TOKEN-23") { header, _ in header != nil && !isObject(header) },
        token("an exp beyond the range of dates", "TOKEN-25") { _, claims in
            guard case .object(let claims)? = claims, case .number(let text)? = claims["exp"] else { return false }
            return abs(Double(text) ?? .infinity) > 1e12
        },
        crash("a NUL in a username", "LOGIN-13") { $0.path == "/login" && $0.text.contains("=a%00b") },
        crash("a form that is not UTF-8", "LOGIN-13") { $0.path == "/login" && $0.text.contains("%ff") },
        crash("half a surrogate pair in a password", "REGISTER-7") {
            $0.path == "/register" && $0.text.contains("\\ud800")
        },
    ]
}
