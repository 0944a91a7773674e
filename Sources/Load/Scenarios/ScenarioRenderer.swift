import Scenario

/// Writes a scenario's request for a turn.
struct ScenarioRenderer: RequestRenderer {
    let template: RequestTemplate
    let target: LoadTarget
    let scope: RunScope
    let secrets: RunSecrets

    func render(into buffer: inout [UInt8], turn: Turn) throws(ExchangeFailure) {
        do {
            buffer += try template.render(scope.scope(for: turn)).bytes(to: target)
        } catch {
            // Of what was being written, the reports show an example.
            throw ExchangeFailure(
                kind: .rendering, detail: secrets.all(turn.variables).redact(wording: "\(error)"))
        }
    }
}
