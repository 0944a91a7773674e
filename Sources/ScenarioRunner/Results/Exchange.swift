import Scenario

/// A request with its response or error.
package struct Exchange: Sendable {
    package var request: Request
    /// The URL that the request was sent to.
    package var url: String
    package var result: Result<Response, TransportError>
    package var start: ContinuousClock.Instant
    /// From the start to the last byte of the response, or to the error.
    package var duration: Duration
    /// The client options in effect.
    package var client = ClientOptions()
    /// The cookies from earlier responses that were sent with the request, as in its `Cookie` field.
    package var storedCookies: String?
    /// The source address; nil for the system's choice.
    package var source: String?
    /// The latest known instant before the first byte was sent; nil for the start.
    var lastUnsent: ContinuousClock.Instant?

    /// No byte was sent before this instant.
    package var sentAfter: ContinuousClock.Instant { lastUnsent ?? start }

    package var response: Response? { try? result.get() }

    /// Whether a request could be sent. An invalid request never can, so it is neither counted nor retried.
    var wasSent: Bool {
        if case .failure(let error) = result { error.code != .invalidRequest } else { true }
    }
}

extension Exchange {
    func redacted(by secrets: Secrets) -> Exchange {
        var copy = self
        copy.url = secrets.redact(url)
        copy.request.method = secrets.redact(request.method)
        copy.request.target = secrets.redact(request.target)
        copy.request.headers = secrets.redact(request.headers)
        copy.request.unmaskedLength = request.bodyLength
        copy.request.body = request.body.map(secrets.redact)
        copy.request.bodyFile = request.bodyFile.map { secrets.redact($0) }
        copy.client.proxy = client.proxy.map { secrets.redact($0) }
        copy.storedCookies = storedCookies.map { secrets.redact($0) }
        copy.result =
            switch result {
            case .success(var response):
                {
                    response.headers = secrets.redact(response.headers)
                    response.unmaskedLength = response.bodyLength
                    response.body = secrets.redact(response.body)
                    return .success(response)
                }()
            case .failure(let error):
                .failure(TransportError(error.code, secrets.redact(wording: error.message), help: error.help))
            }
        return copy
    }
}

extension Secrets {
    fileprivate func redact(_ headers: [Header]) -> [Header] {
        headers.map { Header($0.name, redact($0.value)) }
    }
}
