import NIOHTTP1

/// Why a user could not be authenticated or registered.
package enum AuthError: ResponseError {
    case notAuthenticated
    case invalidToken
    case wrongPassword
    case usernameTaken

    package var response: Response {
        switch self {
        case .notAuthenticated: Self.challenge("Not authenticated")
        case .invalidToken: Self.challenge("Invalid token")
        case .wrongPassword: Self.challenge("Incorrect username or password")
        case .usernameTaken: Response(status: .conflict, detail: "Username already registered")
        }
    }

    private static func challenge(_ detail: StaticString) -> Response {
        Response(status: .unauthorized, detail: detail, headers: [.init("WWW-Authenticate", "Bearer")])
    }
}
