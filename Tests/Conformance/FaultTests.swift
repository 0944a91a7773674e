import Foundation
import Report
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// Tests the suite itself: it must catch every fault, and pass servers without one.
@Suite(.timeLimit(.minutes(60)), .serialized)
struct FaultTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// `CONFORMANCE_MATRIX=1` prints which case catches which fault. `all` runs every case against every fault, not only
    /// the cases that the fault names.
    private static let printsMatrix = environment["CONFORMANCE_MATRIX"] != nil
    private static let runsAll = environment["CONFORMANCE_MATRIX"] == "all"
    /// `CONFORMANCE_RUNS=20` runs the whole suite 20 times against a server without a fault.
    private static let runs = Int(environment["CONFORMANCE_RUNS"] ?? "") ?? 3

    @Test("every fault names existing cases, and every case but LOGIN-2 catches a fault")
    func named() throws {
        let cases = Set(try ConformanceSuite.cases().map(\.statement))
        let caught = Set(Fault.all.flatMap(\.cases))
        #expect(Fault.all.count >= 40)
        #expect(Set(Fault.all.map(\.name)).count == Fault.all.count)
        #expect(caught.subtracting(cases) == [])
        // If the token's own format were wrong, the server itself would reject it.
        #expect(cases.subtracting(caught) == ["LOGIN-2"])
    }

    @Test("every fault is caught by the cases that it names")
    func caught() async throws {
        let cases = try ConformanceSuite.cases()
        let outcomes = try await Self.atOnce(Self.runsAll ? 4 : 10, Fault.all) { fault in
            try await Self.failures(of: fault, among: cases, Self.runsAll)
        }
        for (fault, failed) in zip(Fault.all, outcomes) {
            let missed = fault.cases.filter { !failed.contains($0) }
            #expect(missed == [], "\"\(fault.name)\" was not caught; failed cases: \(failed)")
        }
        guard Self.printsMatrix else { return }
        for (fault, failed) in zip(Fault.all, outcomes) {
            let rest = failed.filter { !fault.cases.contains($0) }
            print("| \(fault.name) | \(fault.cases.joined(separator: " ")) | \(rest.joined(separator: " ")) |")
        }
        print("\(Fault.all.count) faults, \(outcomes.count { !$0.isEmpty }) of them caught")
    }

    @Test("a server without a fault passes every run")
    func accusesNobody() async throws {
        let cases = try ConformanceSuite.cases()
        let results = try await Self.atOnce(4, Array(0..<Self.runs)) { _ in
            try await FaultyServer.with(Parts()) { instances in
                await ConformanceSuite.run(
                    cases, against: instances.one, secret: Parts.secret, second: instances.other)
            }
        }
        let report = RunTextReport(style: .plain)
        for scenario in results.flatMap(\.scenarios) where scenario.outcome != .passed {
            Issue.record("\(report.scenario(scenario))")
        }
        print("\(results.count) runs of \(cases.count) cases")
    }

    @Test("a slow server, with 300 sequential requests per second, passes")
    func accusesNoSlowOne() async throws {
        let next = Mutex(ContinuousClock.now)
        var parts = Parts()
        parts.wrap = { server, _ in
            { request in
                let turn = next.withLock { next in
                    next = max(next, .now) + .microseconds(3300)
                    return next
                }
                try? await Task.sleep(until: turn, clock: .continuous)
                return await server(request)
            }
        }
        let result = try await FaultyServer.with(parts) { instances in
            await ConformanceSuite.run(
                try ConformanceSuite.cases(), against: instances.one, secret: Parts.secret, second: instances.other)
        }
        let report = RunTextReport(style: .plain)
        for scenario in result.scenarios where scenario.outcome != .passed {
            Issue.record("\(report.scenario(scenario))")
        }
    }

    /// The statements that the suite reports as violated by a faulty server.
    private static func failures(
        of fault: Fault, among cases: [Scenario], _ runsAll: Bool
    ) async throws -> [String] {
        var parts = Parts()
        fault.change(&parts)
        let chosen = cases.filter { runsAll || fault.cases.contains($0.statement) }
        let result = try await FaultyServer.with(parts) { instances in
            await ConformanceSuite.run(chosen, against: instances.one, secret: Parts.secret, second: instances.other)
        }
        var failed: [String] = []
        for scenario in result.scenarios where scenario.outcome == .failed && failed.last != scenario.statement {
            failed.append(scenario.statement)
        }
        return failed
    }

    /// Runs `body` for all elements, `width` at a time, and returns the results in order.
    private static func atOnce<Element: Sendable, Value: Sendable>(
        _ width: Int, _ elements: [Element], _ body: @escaping @Sendable (Element) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            var values = [Value?](repeating: nil, count: elements.count)
            for (index, element) in elements.enumerated() {
                if index >= width, let (place, value) = try await group.next() { values[place] = value }
                group.addTask { (index, try await body(element)) }
            }
            for try await (place, value) in group { values[place] = value }
            return values.compactMap { $0 }
        }
    }
}
