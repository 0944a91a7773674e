import Synchronization

/// Tells whose request it is by its bearer token.
///
/// A token that verified is remembered by its bytes until it expires: the next request with it costs a
/// look in a table.
package final class Authenticator: Sendable {
    private struct Session {
        var user: User
        var expiresAt: Int64
    }

    private let keys: TokenKeys
    private let users: any UserStore
    private let sessions = Mutex(GenerationalTable<String, Session>(capacity: 20_000))

    package init(keys: TokenKeys, users: any UserStore) {
        self.keys = keys
        self.users = users
    }

    package func user(of request: Request) async throws -> User {
        guard let field = request.fields.authorization else { throw HTTPError.notAuthenticated }
        let now = WallClock.seconds
        // Strings are equal by canonical equivalence, where the Kelvin sign is a K: only ASCII is looked up.
        guard field.isASCII else { throw HTTPError.invalidToken }
        let known = sessions.withLock { $0.value(for: field) }
        if let known, now < known.expiresAt { return known.user }
        return try await verify(field, now: now)
    }

    private func verify(_ field: String, now: Int64) async throws -> User {
        let parts = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard let scheme = parts.first, scheme.isToken("bearer") else { throw HTTPError.notAuthenticated }
        let token = parts.count == 2 ? parts[1].trimmingSpaces() : ""
        guard let claims = try? keys.verify(String(token), now: now),
            let user = try await users.user(named: claims.subject)?.user
        else { throw HTTPError.invalidToken }
        sessions.withLock { $0.insert(Session(user: user, expiresAt: claims.expiresAt), for: field) }
        return user
    }
}
