import Synchronization

/// Finds the user of a request by its bearer token.
///
/// A verified token is cached by its bytes until it expires, so that the next request with it costs one lookup. Spaces
/// around the token and the case of the scheme are not part of the key: a client could vary them to fill the cache.
package final class Authenticator: Sendable {
    private struct Session {
        var user: User
        var expiresAt: Int64
    }

    private let keys: TokenKeys
    private let users: any UserStore
    /// Costs are bytes.
    private let sessions: Mutex<GenerationalTable<SessionKey, Session>>

    /// Bytes that a session takes in addition to its token, including the user's name and unused table slots.
    private static let overhead = 320

    /// - Parameter capacity: bytes of all cached sessions together. The default holds about 16,000 of the tokens that
    ///   this server issues.
    package init(keys: TokenKeys, users: any UserStore, capacity: Int = 8 * 1024 * 1024) {
        self.keys = keys
        self.users = users
        sessions = Mutex(GenerationalTable(capacity: capacity))
    }

    package func user(of request: Request) async throws -> User {
        guard let field = request.fields.authorization else { throw AuthError.notAuthenticated }
        let now = WallClock.seconds
        let credentials = try BearerCredentials(field)
        let known = sessions.withLock { $0.value(for: SessionKey(credentials)) }
        if let known, now < known.expiresAt { return known.user }
        return try await verify(credentials, now: now)
    }

    private func verify(_ credentials: BearerCredentials, now: Int64) async throws -> User {
        guard let claims = try? keys.verify(credentials.token, now: now),
            let user = try await users.user(named: claims.subject)?.user
        else { throw AuthError.invalidToken }
        sessions.withLock {
            $0.insert(
                Session(user: user, expiresAt: claims.expiresAt), for: SessionKey(credentials),
                cost: credentials.field.utf8.count + Self.overhead)
        }
        return user
    }

    /// Bytes that cached sessions take, for tests.
    var rememberedBytes: Int { sessions.withLock(\.cost) }
}

/// An `Authorization` field in canonical form. Only its end is hashed, which is the end of the token's signature (RFC 7515).
/// Clients cannot choose the signatures of valid tokens, so they cannot make entries collide.
private struct SessionKey: Hashable {
    private static let hashedBytes = 24

    private let field: String

    init(_ credentials: BearerCredentials) {
        field = credentials.field
    }

    func hash(into hasher: inout Hasher) {
        var field = field
        field.withUTF8 { bytes in
            let end = UnsafeRawBufferPointer(bytes).suffix(Self.hashedBytes)
            hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: end))
        }
    }
}
