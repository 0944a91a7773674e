import Audit
import Scenario
import ScenarioRunner

extension RunReport {
    /// JUnit XML in the dialect that Jenkins, GitLab and GitHub Actions read.
    ///
    /// Each scenario is a suite, and each step and each audit is a case. Times are in seconds, timestamps in UTC.
    package static var junit: RunReport {
        RunReport("junit") { result, _ in
            let clock = RunClock(result)
            var writer = XMLWriter()
            let cases = result.scenarios.flatMap(TestCase.all)
            writer.element(
                "testsuites",
                [
                    "name": "gauntlet run", "tests": "\(cases.count)", "failures": cases.count(of: .failed),
                    "errors": cases.count(of: .errored), "skipped": cases.count(of: .skipped),
                    "time": result.duration.decimalSeconds, "timestamp": clock.timestamp().withoutZone,
                ]
            ) { writer in
                for scenario in result.scenarios { writer.suite(of: scenario, clock) }
            }
            return writer.text
        }
    }
}

extension XMLWriter {
    fileprivate mutating func suite(of scenario: ScenarioResult, _ clock: RunClock) {
        let cases = TestCase.all(of: scenario)
        element(
            "testsuite",
            [
                "name": scenario.name, "tests": "\(cases.count)", "failures": cases.count(of: .failed),
                "errors": cases.count(of: .errored), "skipped": cases.count(of: .skipped),
                "time": scenario.duration.decimalSeconds,
                "timestamp": clock.timestamp(of: scenario.start).withoutZone, "file": scenario.file.path,
            ]
        ) { writer in
            writer.properties(of: scenario)
            for testCase in cases { writer.write(testCase, of: scenario) }
        }
    }

    private mutating func properties(of scenario: ScenarioResult) {
        let properties = [
            ("description", scenario.description), ("address", scenario.address),
            ("tags", scenario.tags.isEmpty ? nil : scenario.tags.joined(separator: ", ")),
        ]
        guard properties.contains(where: { $0.1 != nil }) else { return }
        element("properties", [:]) { writer in
            for case (let name, let value?) in properties {
                writer.element("property", ["name": name, "value": value])
            }
        }
    }

    private mutating func write(_ testCase: TestCase, of scenario: ScenarioResult) {
        let position = scenario.file.position(
            of: testCase.failures.first?.diagnostic.range.lowerBound ?? testCase.start)
        let attributes: Attributes = [
            "name": testCase.name, "classname": scenario.className, "assertions": "\(testCase.assertions)",
            "time": testCase.duration.decimalSeconds, "file": scenario.file.path, "line": "\(position.line)",
        ]
        guard testCase.outcome != .passed || testCase.output != nil else { return element("testcase", attributes) }
        element("testcase", attributes) { writer in
            switch testCase.outcome {
            case .passed: break
            case .skipped: writer.element("skipped", ["message": scenario.skipReason ?? "not reached"])
            case .failed: writer.problem("failure", testCase)
            case .errored: writer.problem("error", testCase)
            }
            if let output = testCase.output { writer.element("system-out", text: output) }
        }
    }

    /// Consumers show one element per case, so it contains all failures.
    private mutating func problem(_ name: String, _ testCase: TestCase) {
        let report = RunTextReport(style: .plain)
        let others = testCase.failures.count - 1
        let message = testCase.failures.first.map { failure in
            let actual = failure.diagnostic.notes.first { $0.name == "actual" }.map { ": \($0.text)" } ?? ""
            return failure.diagnostic.message + actual + (others > 0 ? " (and \(others) more)" : "")
        }
        element(
            name, ["message": message, "type": testCase.failures.first?.diagnostic.code.rawValue],
            text: "\n" + testCase.failures.map { report.text(of: $0) }.joined(separator: "\n\n") + "\n")
    }
}

/// A step or an audit as a JUnit test case, or the start of a scenario that could not start.
private struct TestCase {
    var name: String
    /// Byte offset in the file.
    var start = 0
    var outcome: Outcome
    var assertions = 0
    var duration = Duration.zero
    var failures: [Failure]
    var output: String?

    static func all(of scenario: ScenarioResult) -> [TestCase] {
        let beginning = scenario.startFailure.map { TestCase(name: "start", outcome: .errored, failures: [$0]) }
        return (beginning.map { [$0] } ?? []) + scenario.steps.map { TestCase($0) }
            + scenario.audits.map { TestCase($0, in: scenario.file) }
    }
}

extension TestCase {
    init(_ step: StepResult) {
        name = step.phase == .steps ? step.id : "\(step.phase.rawValue): \(step.id)"
        start = step.range.lowerBound
        outcome = step.outcome
        assertions = step.assertions.passed + step.assertions.failed
        duration = step.duration
        failures = step.failures
        output = step.burst.map(RunTextReport.text)
    }

    init(_ audit: ScenarioAudit, in file: SourceFile) {
        name = "audit: \(audit.name)"
        start = audit.range.lowerBound
        outcome = audit.outcome
        assertions = 1
        failures = audit.failure(in: file).map { [$0] } ?? []
        output = "\(audit.finding.verdict.rawValue): \(audit.finding.sentence)"
    }
}

extension [TestCase] {
    fileprivate func count(of outcome: Outcome) -> String { "\(count { $0.outcome == outcome })" }
}

extension ScenarioResult {
    /// The file's path as a qualified class name, by which consumers group cases: `Scenarios.core.login`.
    fileprivate var className: String {
        let path = file.path.hasSuffix(".json") ? String(file.path.dropLast(5)) : file.path
        return path.split(separator: "/").filter { $0 != "." && $0 != ".." }
            .map { $0.replacing(".", with: "_") }.joined(separator: ".")
    }
}

extension String {
    /// JUnit's schema allows neither a fraction nor a zone in a timestamp.
    fileprivate var withoutZone: String { String(prefix { $0 != "." && $0 != "Z" }) }
}

extension Duration {
    /// Seconds, to the microsecond: `0.001250`.
    fileprivate var decimalSeconds: String {
        let microseconds = max(0, nanoseconds / 1_000)
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
    }
}
