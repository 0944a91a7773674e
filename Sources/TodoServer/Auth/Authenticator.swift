import Synchronization

/// Finds the user of a request by its bearer token.
///
/// A verified token is remembered by its bytes until it expires, so that the next request with it costs one
/// lookup. Spaces around it and the spelling of the scheme are not remembered: a client could vary them at will.
package final class Authenticator: Sendable {
    private struct Session {
        var user: User
        var expiresAt: Int64
    }

    private let keys: TokenKeys
    private let users: any UserStore
    /// By the field in its usual form. Costs are bytes.
    private let sessions: Mutex<GenerationalTable<String, Session>>

    /// Bytes that a session takes in addition to its token, the user's name and the table's free places included.
    private static let overhead = 320

    /// - Parameter capacity: bytes of all remembered tokens together. The default is enough for some 16,000 tokens of this
    ///   server's own.
    package init(keys: TokenKeys, users: any UserStore, capacity: Int = 8 * 1024 * 1024) {
        self.keys = keys
        self.users = users
        sessions = Mutex(GenerationalTable(capacity: capacity))
    }

    package func user(of request: Request) async throws -> User {
        guard let field = request.fields.authorization else { throw HTTPError.notAuthenticated }
        let now = WallClock.seconds
        let credentials = try BearerCredentials(field)
        let known = sessions.withLock { $0.value(for: credentials.field) }
        if let known, now < known.expiresAt { return known.user }
        return try await verify(credentials, now: now)
    }

    private func verify(_ credentials: BearerCredentials, now: Int64) async throws -> User {
        guard let claims = try? keys.verify(credentials.token, now: now),
            let user = try await users.user(named: claims.subject)?.user
        else { throw HTTPError.invalidToken }
        sessions.withLock {
            $0.insert(
                Session(user: user, expiresAt: claims.expiresAt), for: credentials.field,
                cost: credentials.field.utf8.count + Self.overhead)
        }
        return user
    }

    /// Bytes that remembered tokens take, for tests.
    var rememberedBytes: Int { sessions.withLock(\.cost) }
}
