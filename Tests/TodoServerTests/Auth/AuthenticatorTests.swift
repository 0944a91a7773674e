import NIOCore
import NIOHTTP1
import Testing

@testable import TodoServer

@Suite struct AuthenticatorTests {
    /// A store in which every name is a user.
    private struct AnyUsers: UserStore {
        func user(named name: String) async throws -> (user: User, passwordHash: String)? {
            (User(id: 1, name: name), "")
        }

        func addUser(named name: String, passwordHash: String) async throws -> User? { nil }
        func replacePasswordHash(_ old: String, by new: String, of user: User.ID) async throws -> Bool { false }
    }

    private static let key = TokenKey.random()
    private let authenticator = Authenticator(keys: TokenKeys(current: Self.key), users: AnyUsers())

    private func token(of name: String) -> String {
        Self.key.sign(TokenClaims(subject: name, issuedAt: 0, expiresAt: .max / 2))
    }

    private func request(_ field: String) -> Request {
        var fields = RequestFields()
        fields.authorization = field
        return Request(
            method: .GET, path: "/todos", fields: CopyOnWrite(fields), body: .complete(ByteBuffer()),
            client: ClientAddress(key: "local"))
    }

    @Test("a token is cached once, however it is padded")
    func padding() async throws {
        let token = token(of: "ann")
        _ = try await authenticator.user(of: request("Bearer \(token)"))
        let bytes = authenticator.rememberedBytes
        #expect(bytes > token.utf8.count)
        for number in 1...200 {
            let blanks = String(repeating: number.isMultiple(of: 2) ? " " : "\t", count: number)
            for field in ["Bearer \(blanks)\(token)", "bEARER \(token)\(blanks)"] {
                #expect(try await authenticator.user(of: request(field)).name == "ann")
            }
        }
        #expect(authenticator.rememberedBytes == bytes)
    }

    @Test("cached tokens are bounded in bytes")
    func bound() async throws {
        let capacity = 512 * 1024
        let authenticator = Authenticator(
            keys: TokenKeys(current: Self.key), users: AnyUsers(), capacity: capacity)
        for number in 0..<150 {
            let name = "\(number)" + String(repeating: "a", count: 5000)
            #expect(try await authenticator.user(of: request("Bearer \(token(of: name))")).name == name)
            #expect(authenticator.rememberedBytes <= capacity)
        }
        #expect(authenticator.rememberedBytes > capacity / 3, "the cache uses its capacity")
    }

    @Test("only verified tokens are cached")
    func strangers() async throws {
        for field in ["Bearer x.y.z", "Bearer \(token(of: "ann"))x", "Bearer"] {
            await #expect(throws: AuthError.self) { try await authenticator.user(of: request(field)) }
        }
        #expect(authenticator.rememberedBytes == 0)
    }

    @Test(
        "credentials have one canonical form",
        arguments: [
            ("Bearer a.b.c", "Bearer a.b.c"), ("bearer a.b.c", "Bearer a.b.c"), ("BEARER  \t a.b.c ", "Bearer a.b.c"),
            ("Bearer a b ", "Bearer a b"), ("Bearer", "Bearer "), ("Bearer  ", "Bearer "), ("Bearer a", "Bearer a"),
        ])
    func usualForm(_ field: String, _ usual: String) throws {
        #expect(try BearerCredentials(field).field == usual)
        #expect(try BearerCredentials(field).token == String(usual.dropFirst(7)))
    }

    @Test(
        "a scheme other than Bearer is rejected",
        arguments: ["Basic YTpi", "", "Bearera.b.c", " Bearer a", "Bearer\ta.b.c"])
    func otherSchemes(_ field: String) {
        #expect(throws: AuthError.self) { try BearerCredentials(field) }
    }
}
