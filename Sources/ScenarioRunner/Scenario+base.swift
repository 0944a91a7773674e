import Scenario

extension Scenario {
    /// Whether a request has a relative URL, so that a base URL is required.
    package var needsBase: Bool {
        client.unixSocket == nil && (setup + steps + teardown).contains(where: \.needsBase)
    }
}

extension Step {
    fileprivate var needsBase: Bool {
        switch action {
        case .request(let step):
            if case .text(let text)? = step.request.url.parts.first { !text.isWholeURL } else { true }
        case .parallel(let steps), .group(let steps): steps.contains(where: \.needsBase)
        case .call(let call): call.scenario.needsBase
        case .sleep: false
        }
    }
}
