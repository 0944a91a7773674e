import NIOCore
import NIOHTTP1
import Synchronization

@testable import TodoServer

// Logins and registrations that reveal too much, or accept too much or too little.
extension Fault {
    static let logins: [Fault] = [
        Fault(
            "omits token_type", "LOGIN-1",
            answering: { $1.text = $1.text.replacing(#""token_type":"bearer","#, with: "") }),
        Fault(
            "rejects a wrong password with 403", "LOGIN-3",
            answering: { if $0.path == "/login", $1.status == .unauthorized { $1.status = .forbidden } }),
        Fault(
            "compares passwords case-insensitively", "LOGIN-3",
            asking: { if $0.path == "/login" { $0.text = $0.text.replacing("ADMIN123", with: "admin123") } }),
        Fault(
            "compares only as many bytes as the given password has", "LOGIN-3",
            asking: {
                if $0.path == "/login", $0.text.hasSuffix("=admin12") { $0.text += "3" }
            }),
        Fault(
            "compares only as many bytes as the stored password has", "LOGIN-3", at: "/login",
            asking: { $0.text = $0.text.replacing("=admin1234", with: "=admin123") }),
        Fault(
            "accepts an empty password", "LOGIN-3", at: "/login",
            asking: { if $0.text.hasSuffix("password=") { $0.text += "admin123" } }),
        Fault(
            "truncates a password at a NUL", "LOGIN-3",
            asking: { if $0.path == "/login" { $0.text = $0.text.replacing("%00x", with: "") } }),
        Fault(
            "reveals that a user does not exist", "LOGIN-4",
            answering: { request, response in
                guard response.status == .unauthorized, request.text.contains("nobody") else { return }
                response.text = #"{"detail":"User not found"}"#
            }),
        Fault(
            "rejects a scope", "LOGIN-5",
            instead: { $0.path == "/login" && $0.text.contains("read") ? AuthError.wrongPassword.response : nil }),
        Fault(
            "rejects a missing field with 401", "LOGIN-6",
            answering: { request, response in
                guard request.path == "/login", response.status == .unprocessableEntity else { return }
                response = AuthError.wrongPassword.response
            }),
        Fault(
            "rejects a wrong password with 400", "LOGIN-7",
            answering: { if $0.path == "/login", $1.status == .unauthorized { $1.status = .badRequest } }),
        Fault(
            "does not send expires_in", "LOGIN-8",
            answering: { $1.text = $1.text.replacing(#","expires_in":1800"#, with: "") }),
        Fault("issues tokens that are valid for an hour", "LOGIN-8") { $0.tokenLifetime = 3600 },
        Fault(
            "accepts any grant_type", "LOGIN-9",
            asking: { $0.text = $0.text.replacing("client_credentials", with: "password") }),
        Fault(
            "accepts a grant_type in capitals", "LOGIN-9",
            asking: { $0.text = $0.text.replacing("grant_type=PASSWORD", with: "grant_type=password") }),
        // The hash must take far longer than the delays of a busy machine.
        Fault("responds immediately for an unknown user", "LOGIN-10") { parts in
            parts.bcryptCost = 11
            parts.wrap = { server, _ in
                { request in
                    let isUnknown = request.path == "/login" && request.text.contains("nobody")
                    return isUnknown ? AuthError.wrongPassword.response : await server(request)
                }
            }
        },
        Fault("responds much faster for an unknown user", "LOGIN-10") { parts in
            parts.bcryptCost = 11
            parts.wrap = { server, _ in
                { request in
                    guard request.path == "/login", request.text.contains("nobody") else {
                        return await server(request)
                    }
                    try? await Task.sleep(for: .milliseconds(3))
                    return AuthError.wrongPassword.response
                }
            }
        },
        Fault(
            "decodes %2B as a space", "LOGIN-11",
            asking: { if $0.path == "/login" { $0.text = $0.text.replacing("%2B", with: "+") } }),
        Fault(
            "trims passwords", "LOGIN-11",
            asking: {
                if $0.path == "/login", $0.text.hasSuffix("%20") { $0.text = String($0.text.dropLast(3)) }
            }),
        Fault(
            "trims usernames", "LOGIN-11", at: "/login",
            asking: { $0.text = $0.text.replacing("%20&", with: "&") }),
        Fault(
            "reports a missing field only in words", "LOGIN-12",
            answering: {
                if $0.path == "/login", $1.status == .unprocessableEntity {
                    $1 = Response(status: .unprocessableEntity, detail: "The password is missing")
                }
            }),
        Fault(
            "returns 200 for a registration", "REGISTER-1",
            answering: { if $0.path == "/register", $1.status == .created { $1.status = .ok } }),
        Fault(
            "rejects a taken username with 400", "REGISTER-2",
            answering: { if $1.status == .conflict { $1.status = .badRequest } }),
        Fault("changes the password of a taken username", "REGISTER-2") { parts in
            parts.wrap = { server, _ in
                let passwords = Mutex<[String]>([])
                return { request in
                    var request = request
                    if request.path == "/login",
                        passwords.withLock({ $0.contains { request.text.hasSuffix("=\($0)") } })
                    {
                        request.text = "username=admin&password=admin123"
                    }
                    let response = await server(request)
                    if response.status == .conflict, case .object(let body)? = request.json,
                        case .string(let password)? = body["password"]
                    {
                        passwords.withLock { $0.append(password) }
                    }
                    return response
                }
            }
        },
        Fault(
            "accepts any username", "REGISTER-3",
            answering: { if $1.text.contains(#"["body","username"]"#) { $1.status = .created } }),
        Fault(
            "accepts any password", "REGISTER-4",
            answering: { if $1.text.contains(#"["body","password"]"#) { $1.status = .created } }),
        Fault(
            "rejects a username of 64 characters", "REGISTER-5",
            instead: { request in
                guard request.path == "/register", case .object(let body)? = request.json,
                    case .string(let name)? = body["username"], name.count == 64
                else { return nil }
                return HTTPError.invalid([.missing("username", in: .null)]).response
            }),
        Fault(
            "compares only 72 bytes of a password", "REGISTER-5", at: "/login",
            asking: { request in
                guard let start = request.text.firstRange(of: "password=")?.upperBound else { return }
                request.text = String(request.text[..<start] + request.text[start...].prefix(72))
            }),
        Fault(
            "accepts a registration with any Content-Type", "REGISTER-7", at: "/register",
            asking: { $0.fields.contentType = "application/json" }),
        Fault(
            "returns the password", "REGISTER-7",
            answering: { if $0.path == "/register", $1.status == .created { $1.text = $0.text } }),
        Fault("checks and adds a username without a lock", "REGISTER-6") { parts in
            parts.bcryptCost = 7
            parts.users = { UpsertingUsers(users: $0) }
        },
    ]
}

/// A user store that never reports a username as taken.
private struct UpsertingUsers: UserStore {
    let users: any UserStore

    func user(named name: String) async throws -> (user: User, passwordHash: String)? {
        try await users.user(named: name)
    }

    func addUser(named name: String, passwordHash: String) async throws -> User? {
        if let user = try await users.addUser(named: name, passwordHash: passwordHash) { return user }
        return try await users.user(named: name)?.user
    }

    func replacePasswordHash(_ old: String, by new: String, of user: User.ID) async throws -> Bool {
        try await users.replacePasswordHash(old, by: new, of: user)
    }
}

extension Request {
    /// The body.
    var text: String {
        get {
            guard case .complete(let bytes) = body else { return "" }
            return String(buffer: bytes)
        }
        set { if case .complete = body { body = .complete(ByteBuffer(string: newValue)) } }
    }

    /// The body as JSON.
    var json: JSONValue? {
        get { try? JSONReader.value(of: Array(text.utf8)) }
        set {
            guard let newValue else { return }
            text = String(decoding: newValue.bytes, as: UTF8.self)
        }
    }
}
