import Scenario

/// Writes a scenario's request for a turn.
struct ScenarioRenderer: RequestRenderer {
    let template: RequestTemplate
    let target: LoadTarget
    let scope: RunScope
    let secrets: RunSecrets

    func render(into buffer: inout [UInt8], turn: Turn) throws(ExchangeFailure) {
        let scope = scope.scope(for: turn)
        do {
            buffer += try template.render(scope).bytes(to: target)
        } catch {
            // The reports show an example of what could not be written.
            throw ExchangeFailure(kind: .rendering, detail: secrets.all(in: scope).redact(wording: "\(error)"))
        }
    }
}
