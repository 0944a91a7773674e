import NIOCore
import NIOHTTP1

/// `POST /login`: the OAuth2 password flow (RFC 6749 section 4.3).
package struct LoginRoute: Sendable {
    let users: any UserStore
    let passwords: Passwords
    let key: TokenKey
    /// Seconds.
    let tokenLifetime: Int
    let limiter: (any RateLimiter)?

    package var routes: [Route] {
        [
            Route(
                .POST, "/login", login,
                Operation(summary: "Log in", body: .form("Credentials"), answer: "Token", isLimited: limiter != nil))
        ]
    }

    func login(_ request: Request) async throws -> Response {
        await .limited(by: limiter, request.client.key) { try await request.serving { try await verify(request) } }
    }

    private func verify(_ request: Request) async throws -> Response {
        let (name, password) = try Self.credentials(of: request)
        let found = try await users.user(named: name)
        guard try await passwords.verify(password, against: found?.passwordHash), let user = found?.user else {
            throw AuthError.wrongPassword
        }
        if let found, passwords.isOutdated(found.passwordHash) {
            await renew(password, of: user, replacing: found.passwordHash)
        }
        return token(for: user)
    }

    /// Rehashes the password at the configured cost. If that fails, the next login tries again. A password that has
    /// changed since it was verified is kept.
    private func renew(_ password: String, of user: User, replacing old: String) async {
        guard let hash = try? await passwords.hash(password) else { return }
        _ = try? await users.replacePasswordHash(old, by: hash, of: user.id)
    }

    private func token(for user: User) -> Response {
        let now = WallClock.seconds
        let claims = TokenClaims(subject: user.name, issuedAt: now, expiresAt: now + Int64(tokenLifetime))
        return Response(headers: [.init("Cache-Control", "no-store")]) {
            $0.writeStaticString("{\"access_token\":")
            $0.writeJSON(key.sign(claims))
            $0.writeStaticString(",\"token_type\":\"bearer\",\"expires_in\":")
            $0.writeDecimal(tokenLifetime)
            $0.writeStaticString("}")
        }
    }

    /// The username and password from the form. An empty field counts as missing.
    private static func credentials(of request: Request) throws(HTTPError) -> (String, String) {
        let form = try request.form()
        var issues: [ValidationIssue] = []
        if let grant = form["grant_type"], !grant.isEmpty, grant != "password" {
            issues.append(
                .init(
                    .stringPatternMismatch, at: "grant_type", "String should match pattern '^password$'",
                    input: .string(grant)))
        }
        for field in ["username", "password"] where form[field, default: ""].isEmpty {
            issues.append(.missing(field, in: .null))
        }
        guard issues.isEmpty, let username = form["username"], let password = form["password"] else {
            throw .invalid(issues)
        }
        return (username, password)
    }
}
