import Scenario
import ScenarioRunner

/// What a probe may vary besides what it finds in the request itself.
package struct ProbeVariants: Sendable {
    /// Header fields that carry another user's credential.
    package var otherHeaders: [Header] = []
    /// The path of another route.
    package var otherPath: String?
    /// Another instance of the server.
    package var instance: BaseURL?

    package init() {}
}
