/// Why a request got no complete response.
package struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case refused, reset, timeout, resolve, tls, malformed, stopped, other
        case tooLarge = "too-large"
        case invalidRequest = "invalid-request"
    }

    package let code: Code
    /// A sentence without a period: what happened, and to which address.
    package let message: String
    package let help: String?

    package init(_ code: Code, _ message: String, help: String? = nil) {
        self.code = code
        self.message = message
        self.help = help
    }

    package var description: String { message }
}
