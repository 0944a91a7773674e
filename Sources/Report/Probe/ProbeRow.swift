import Probe
import Scenario

/// A finding of a probe as reports show it.
package struct ProbeRow: Equatable, Sendable {
    /// The member of the JSON report.
    package var name: String
    /// For people.
    package var title: String
    /// Null if it is not known.
    var value: JSON
    package var text: String
    package var confidence: String
    package var evidence: String

    init<Value>(
        _ name: String, _ title: String, _ finding: Finding<Value>, _ text: (Value) -> String,
        _ value: (Value) -> JSON
    ) {
        self.name = name
        self.title = title
        self.value = finding.value.map(value) ?? .null
        self.text = finding.value.map(text) ?? "unknown"
        confidence = finding.confidence.rawValue
        evidence = finding.evidence
    }

    init(_ name: String, _ title: String, _ finding: Finding<Bool>) {
        self.init(name, title, finding, { $0 ? "yes" : "no" }, JSON.boolean)
    }

    init(_ name: String, _ title: String, _ finding: Finding<String>) {
        self.init(name, title, finding, { $0 }, JSON.string)
    }

    init(_ name: String, _ title: String, _ finding: Finding<Int>) {
        self.init(name, title, finding, NumberText.count) { .number(JSONNumber($0)) }
    }

    /// - Parameter unit: after the number, with its space.
    init(_ name: String, _ title: String, _ finding: Finding<Double>, unit: String) {
        self.init(name, title, finding, { NumberText.figure($0) + unit }) { JSONNumber($0).map(JSON.number) ?? .null }
    }
}
