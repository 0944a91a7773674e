import Scenario
import ScenarioRunner

/// The requests of one user. Each is rendered anew, because templates may name a new value each time.
package final class ProbeRequests {
    /// How to render a request; nil if it is always the same.
    private var rendering: (template: RequestTemplate, scope: Scope)?
    /// The first request, to see what it has that can be varied.
    package let example: Request

    /// The same request each time.
    package init(_ request: Request) {
        example = request
    }

    /// - Parameter scope: the user's variables after the setup.
    package init(_ template: RequestTemplate, in scope: Scope) throws(TemplateError) {
        var scope = scope
        example = try scope.request(template)
        rendering = (template, scope)
    }

    /// The next request, ready to send.
    package func next() throws(TemplateError) -> Request {
        guard let template = rendering?.template else { return example }
        return try rendering?.scope.request(template) ?? example
    }
}
