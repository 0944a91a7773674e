import Scenario

/// Writes a scenario's request for a turn.
struct ScenarioRenderer: RequestRenderer {
    let template: RequestTemplate
    let target: LoadTarget
    let scope: RunScope

    func render(into buffer: inout [UInt8], turn: Turn) throws(ExchangeFailure) {
        do {
            buffer += try template.render(scope.scope(for: turn)).bytes(to: target)
        } catch {
            throw ExchangeFailure(kind: .rendering, detail: "\(error)")
        }
    }
}
