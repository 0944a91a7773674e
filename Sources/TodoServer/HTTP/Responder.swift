/// What a connection does with what it receives.
package struct Responder: Sendable {
    /// Answers a request that is whole.
    var respond: @Sendable (Request) async -> Response
    /// Answers what never became a request.
    var refuse: @Sendable (HTTPError, RequestID) -> Response = { error, _ in error.response }
}
