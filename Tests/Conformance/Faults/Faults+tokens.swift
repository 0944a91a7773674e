import NIOHTTP1
import Synchronization

@testable import TodoServer

// Invalid tokens that are accepted, and valid ones that are rejected.
extension Fault {
    /// A server that accepts every token that this verifier accepts.
    private static func lax(_ name: String, _ cases: String..., verifier: LaxVerifier) -> Fault {
        Fault(
            name, cases,
            asking: { request in
                guard let field = request.fields.authorization, field.lowercased().hasPrefix("bearer "),
                    let user = verifier.user(of: String(field.dropFirst(7)))
                else { return }
                request.fields.authorization = token(of: user)
            })
    }

    static func token(of user: String) -> String {
        let now = WallClock.seconds
        return "Bearer " + Parts.key.sign(TokenClaims(subject: user, issuedAt: now, expiresAt: now + 600))
    }

    private static func lax(_ name: String, _ caught: String, without checks: LaxVerifier.Check...) -> Fault {
        lax(name, caught, verifier: LaxVerifier(skipped: Set(checks)))
    }

    private static func lax(
        _ name: String, _ caught: String, key: @escaping @Sendable (JSONObject) -> TokenKey?
    ) -> Fault {
        lax(name, caught, verifier: LaxVerifier(key: key))
    }

    private static func lax(
        _ name: String, _ caught: String, user: @escaping @Sendable (JSONValue?) -> String?
    ) -> Fault {
        lax(name, caught, verifier: LaxVerifier(user: user))
    }

    private static func isNone(_ token: String, _ accepts: (String) -> Bool) -> Bool {
        let segments = token.split(separator: ".", omittingEmptySubsequences: false)
        guard segments.count == 3, segments[2].isEmpty, let bytes = Base64URL.decode(segments[0].utf8),
            case .object(let header)? = try? JSONReader.value(of: bytes), case .string(let name)? = header["alg"]
        else { return false }
        return accepts(name)
    }

    private static func unsigned(_ name: String, _ accepts: @escaping @Sendable (String) -> Bool) -> Fault {
        Fault(
            name, "TOKEN-4",
            asking: { request in
                guard let field = request.fields.authorization, isNone(String(field.dropFirst(7)), accepts) else {
                    return
                }
                request.fields.authorization = token(of: "admin")
            })
    }

    /// A server that serves some requests for a todo without a token, or with an invalid one.
    private static func open(
        _ name: String, to method: HTTPMethod, _ accepts: @escaping @Sendable (String?) -> Bool
    ) -> Fault {
        Fault(
            name, ["TOKEN-21"],
            asking: { request in
                guard request.method == method, request.path.hasPrefix("/todos/"), accepts(request.fields.authorization)
                else { return }
                request.fields.authorization = token(of: "admin")
            })
    }

    static let tokens: [Fault] = [
        lax("does not look at the signature", "TOKEN-3", without: .signature),
        Fault(
            "does not verify the signature of a token for a write", "TOKEN-3",
            asking: { request in
                guard request.method == .POST, let field = request.fields.authorization,
                    let user = LaxVerifier(skipped: [.signature]).user(of: String(field.dropFirst(7)))
                else { return }
                request.fields.authorization = token(of: user)
            }),
        unsigned("accepts \"none\" as an algorithm") { $0 == "none" },
        unsigned("rejects \"none\" only in lower case") { $0 != "none" && $0.lowercased() == "none" },
        Fault(
            "says why a token is invalid", "TOKEN-5",
            answering: {
                $1.text = $1.text.replacing("Invalid token", with: "Signature verification failed")
            }),
        lax("verifies with the key in the token", "TOKEN-7") { header in
            guard case .object(let jwk)? = header["jwk"], case .string(let text)? = jwk["k"] else { return nil }
            return Base64URL.decode(text.utf8).flatMap { TokenKey(weak: $0) }
        },
        lax("reads the key from the path in kid", "TOKEN-7") { header in
            guard case .string(let kid)? = header["kid"], kid.hasSuffix("/dev/null") else { return nil }
            return TokenKey(weak: [])
        },
        lax("uses kid as the key", "TOKEN-7") { header in
            guard case .string(let kid)? = header["kid"] else { return nil }
            return TokenKey(weak: kid.utf8)
        },
        lax("has an easily guessed key", "TOKEN-8") { _ in TokenKey(weak: "secret".utf8) },
        lax("has an empty key", "TOKEN-8") { _ in TokenKey(weak: []) },
        lax("ignores the algorithm", "TOKEN-9", without: .algorithm),
        lax("accepts \"none\" if the MAC is valid", "TOKEN-10", without: .algorithm),
        lax("ignores typ", "TOKEN-11", without: .type),
        Fault(
            "requires a typ", "TOKEN-11",
            asking: { request in
                let parts = request.fields.authorization?.split(separator: ".") ?? []
                // {"alg":"HS256"}
                if parts.first?.hasSuffix(" eyJhbGciOiJIUzI1NiJ9") == true { request.fields.authorization = "Bearer x" }
            }),
        lax("ignores crit", "TOKEN-12", without: .critical),
        lax("accepts a token without exp", "TOKEN-13", without: .expiry),
        lax("accepts a token 90 s after exp", "TOKEN-13", verifier: LaxVerifier(leeway: 90)),
        lax("accepts a token 30 s after exp", "TOKEN-13", verifier: LaxVerifier(leeway: 30)),
        lax("accepts a string as a time", "TOKEN-13", without: .expiryType),
        lax("accepts an empty crit", "TOKEN-12", without: .emptyCritical),
        lax("ignores nbf", "TOKEN-14", without: .notBefore),
        lax("accepts a token five minutes before nbf", "TOKEN-14", verifier: LaxVerifier(earliness: 300)),
        Fault(
            "rejects a token with nbf", "TOKEN-14",
            instead: { request in
                let segments = request.fields.authorization?.split(separator: ".") ?? []
                guard segments.count == 3, let bytes = Base64URL.decode(segments[1].utf8),
                    String(decoding: bytes, as: UTF8.self).contains("\"nbf\"")
                else { return nil }
                return AuthError.invalidToken.response
            }),
        lax("treats a token of an unknown user as the administrator's", "TOKEN-15", user: { _ in "admin" }),
        lax("compares usernames case-insensitively", "TOKEN-15") { subject in
            if case .string(let name)? = subject { name.lowercased() } else { nil }
        },
        lax("truncates a username at a NUL", "TOKEN-15") { subject in
            if case .string(let name)? = subject { String(name.prefix { $0 != "\0" }) } else { nil }
        },
        lax("uses the last of two equal claims", "TOKEN-16", without: .duplicates),
        Fault(
            "does not recognise a duplicate claim written with an escape", ["TOKEN-16"],
            asking: { request in
                guard let field = request.fields.authorization, case let segments = field.split(separator: "."),
                    segments.count == 3, let bytes = Base64URL.decode(segments[1].utf8),
                    bytes.contains(UInt8(ascii: "\\")),
                    let user = LaxVerifier(skipped: [.duplicates]).user(of: String(field.dropFirst(7)))
                else { return }
                request.fields.authorization = token(of: user)
            }),
        lax("ignores a fourth segment", "TOKEN-17", without: .segments),
        lax("accepts padded segments", "TOKEN-18", without: .padding),
        lax("ignores the unused bits", "TOKEN-18", without: .canonical),
        Fault(
            "accepts the base64 alphabet", "TOKEN-18",
            asking: { request in
                guard let field = request.fields.authorization, field.hasPrefix("Bearer ") else { return }
                request.fields.authorization = field.replacing("+", with: "-").replacing("/", with: "_")
            }),
        Fault(
            "accepts white space within a token", "TOKEN-18",
            asking: { request in
                guard let field = request.fields.authorization, field.hasPrefix("Bearer ") else { return }
                request.fields.authorization = "Bearer " + field.dropFirst(7).replacing(" ", with: "")
            }),
        Fault("remembers a token's user but not its expiry", "TOKEN-20") { parts in
            parts.wrap = { server, _ in
                let known = Mutex<[String: String]>([:])
                return { request in
                    guard let field = request.fields.authorization else { return await server(request) }
                    var request = request
                    if let user = known.withLock({ $0[field] }) { request.fields.authorization = token(of: user) }
                    let response = await server(request)
                    if response.status == .ok, let user = LaxVerifier().user(of: String(field.dropFirst(7))) {
                        known.withLock { $0[field] = user }
                    }
                    return response
                }
            }
        },
        lax("accepts tokens of any length", "TOKEN-19", verifier: LaxVerifier(longest: .max)),
        lax("accepts tokens of 9000 bytes", "TOKEN-19", verifier: LaxVerifier(longest: 9000)),
        open("requires no token to read a todo", to: .GET) { $0 == nil },
        open("requires no token for HEAD of a todo", to: .HEAD) { $0 == nil },
        open("requires no token to change a todo", to: .PATCH) { $0 == nil },
        open("requires no token to delete a todo", to: .DELETE) { $0 == nil },
        open("accepts any token to read a todo", to: .GET) { $0 != nil },
        open("accepts any token to delete a todo", to: .DELETE) { $0 != nil },
        Fault(
            "ignores text after a token", ["TOKEN-22"],
            asking: { request in
                guard let words = request.fields.authorization?.split(separator: " "), words.count > 2 else { return }
                request.fields.authorization = words.prefix(2).joined(separator: " ")
            }),
        Fault(
            "uses the first of two tokens", ["TOKEN-22"],
            asking: { request in
                guard let field = request.fields.authorization else { return }
                request.fields.authorization = String(field.prefix { $0 != "," })
            }),
    ]
}
