import Report
import Scenario
import Testing

/// Times in JSON reports are in milliseconds, and their names say so.
struct TimeUnitTests {
    /// Numbers that are not times. Those of a threshold, a source or a cost have the unit of the metric.
    private static let others: Set = [
        "rate", "share", "hitShare", "limitedShare", "value", "actual", "lowerBound", "upperBound", "low", "high",
        "calls", "sources", "average", "error", "lower", "upper",
    ]

    @Test(
        "every time in a report is named with its unit",
        arguments: [RunReportSchema.text, LoadReportSchema.text, AuditReportSchema.text])
    func names(schema: String) throws {
        let names = Self.numbers(in: try JSONDocument(parsing: Array(schema.utf8)).root.value)
        #expect(names.contains { $0.hasSuffix("Ms") })
        for name in names where !name.hasSuffix("Ms") { #expect(Self.others.contains(name), "\(name)") }
    }

    /// The names of the members that are numbers, or maps of numbers. Integers are counts.
    private static func numbers(in schema: JSON) -> Set<String> {
        switch schema {
        case .array(let elements): return elements.reduce(into: []) { $0.formUnion(numbers(in: $1)) }
        case .object(let members):
            var names: Set<String> = []
            if case .object(let properties)? = members["properties"] {
                for (name, property) in properties where isNumber(property) { names.insert(name) }
            }
            return members.reduce(into: names) { $0.formUnion(numbers(in: $1.value)) }
        default: return []
        }
    }

    private static func isNumber(_ property: JSON) -> Bool {
        guard case .object(let rules) = property else { return false }
        return rules["type"] == "number" || rules["additionalProperties"].map(isNumber) == true
    }
}
