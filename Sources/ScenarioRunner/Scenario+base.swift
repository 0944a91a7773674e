import Scenario

extension Scenario {
    /// Whether some request names a path alone, so that it must be said where the server is.
    package var needsBase: Bool {
        client.unixSocket == nil && (setup + steps + teardown).contains(where: \.needsBase)
    }
}

extension Step {
    fileprivate var needsBase: Bool {
        switch action {
        case .request(let step):
            if case .text(let text)? = step.request.url.parts.first { !text.isWholeURL } else { true }
        case .parallel(let steps): steps.contains(where: \.needsBase)
        case .call(let call): call.scenario.needsBase
        case .sleep: false
        }
    }
}
