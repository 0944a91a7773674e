/// Makes the responses to what a connection receives.
package struct Responder: Sendable {
    /// Handles a complete request.
    var respond: @Sendable (Request) async -> Response
    /// Makes the response to input that did not become a request.
    var refuse: @Sendable (HTTPError, RequestID) -> Response = { error, _ in error.response }
}
