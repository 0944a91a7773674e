import Scenario

/// The result of a command: what its reports show, and what it proves.
package protocol Reportable: Sendable {
    /// The formats of its reports. Standard output shows the first one unless another is written there.
    static var formats: [ReportFormat<Self>] { get }
    var verdict: OverallVerdict { get }
    /// Messages for standard error, such as why nothing was proved.
    var notes: [String] { get }
}
