import NIOCore
import NIOHTTP1

/// `POST /register`: creates a user. It shares the rate limit of `/login`, because it costs the server as much.
package struct RegisterRoute: Sendable {
    let users: any UserStore
    let passwords: Passwords
    let limiter: (any RateLimiter)?

    package var routes: [Route] {
        [
            Route(
                .POST, "/register", register,
                Operation(
                    summary: "Register a user", body: .json("Registration"), success: .created, answer: "Username",
                    isLimited: limiter != nil, otherFailures: [.conflict, .gatewayTimeout]))
        ]
    }

    func register(_ request: Request) async throws -> Response {
        await .limited(by: limiter, request.client.key) { try await request.serving { try await add(request) } }
    }

    private func add(_ request: Request) async throws -> Response {
        let input = try Registration(request.jsonObject())
        // Checked first to save hashing for a taken name. `addUser` decides.
        guard try await users.user(named: input.username) == nil else { throw AuthError.usernameTaken }
        let hash = try await passwords.hash(input.password)
        guard let user = try await users.addUser(named: input.username, passwordHash: hash) else {
            throw AuthError.usernameTaken
        }
        return Response(status: .created, headers: [.init("Cache-Control", "no-store")]) {
            $0.writeStaticString("{\"username\":")
            $0.writeJSON(user.name)
            $0.writeStaticString("}")
        }
    }
}
