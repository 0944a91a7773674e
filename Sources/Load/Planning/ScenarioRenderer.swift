import Scenario

/// Renders a scenario's request for an iteration.
struct ScenarioRenderer: RequestRenderer {
    let template: RequestTemplate
    let target: LoadTarget
    let scope: RunScope
    let secrets: RunSecrets

    func render(into buffer: inout [UInt8], iteration: UserIteration) throws(ExchangeFailure) {
        let scope = scope.scope(for: iteration)
        do {
            buffer += try template.render(scope).bytes(to: target)
        } catch {
            // Reports show this as the example of the error.
            throw ExchangeFailure(kind: .rendering, detail: secrets.all(in: scope).redact(wording: "\(error)"))
        }
    }
}
