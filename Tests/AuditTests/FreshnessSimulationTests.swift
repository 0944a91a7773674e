import TestSupport
import Testing
import Trace

@testable import Audit

/// Caches whose instants are known: no verdict contradicts what they really showed.
@Suite struct FreshnessSimulationTests {
    @Test("no register is wrongly failed or proved", arguments: SimulatedRegister.Fault.allCases, [false, true])
    func registers(fault: SimulatedRegister.Fault, deletes: Bool) {
        var random = SeededGenerator(seed: 21)
        var shares = VerdictShares()
        var failures = 0
        for number in 0..<Simulation.traces {
            let run = RegisterRun(fault, deletes: deletes, &random)
            let findings = FreshnessAudit(KeyedTrace(run.trace), FreshnessPromise(.latest)).findings
            shares.note(findings[0].verdict, overlap: run.overlap)
            for finding in findings where finding.verdict == .failed {
                failures += 1
                #expect(fault != .none, "trace \(number): \(finding): \(run)")
            }
            if findings[0].verdict == .proved, !run.hasUnknown {
                #expect(run.isFresh, "trace \(number) was proved: \(run)")
            }
        }
        if fault != .none { #expect(failures > Simulation.traces / 50, "\(failures)") }
        shares.print("register, \(fault)\(deletes ? ", with deletions" : "")")
    }

    @Test("a cache keeps to its time to live, and not to a shorter one", arguments: [false, true])
    func timeToLive(deletes: Bool) {
        var random = SeededGenerator(seed: 22)
        var failures = 0
        for number in 0..<Simulation.traces {
            for fault in [SimulatedRegister.Fault.cached, .lagging] {
                let run = RegisterRun(fault, deletes: deletes, &random)
                let trace = KeyedTrace(run.trace)
                let promise = FreshnessPromise(.latest, timeToLive: UInt64(run.timeToLive))
                let kept = FreshnessAudit(trace, promise).findings[0]
                #expect(kept.verdict != .failed, "trace \(number), \(fault): \(kept): \(run)")
                let shorter = FreshnessPromise(.latest, timeToLive: UInt64(run.timeToLive / 4))
                if FreshnessAudit(trace, shorter).findings[0].verdict == .failed { failures += 1 }
            }
        }
        #expect(failures > Simulation.traces / 50, "\(failures)")
    }

    @Test("no set is wrongly failed or proved", arguments: SimulatedSet.Fault.allCases)
    func sets(fault: SimulatedSet.Fault) {
        var random = SeededGenerator(seed: 23)
        var shares = VerdictShares()
        var failures = 0
        for number in 0..<Simulation.traces {
            let run = SetRun(fault, &random)
            let trace = KeyedTrace(run.trace)
            let findings = FreshnessAudit(trace, FreshnessPromise(.contains)).findings
            shares.note(findings[0].verdict, overlap: run.overlap)
            for finding in findings where finding.verdict == .failed {
                failures += 1
                #expect(fault != .none, "trace \(number): \(finding): \(run)")
            }
            if findings[0].verdict == .proved {
                #expect(run.isFresh, "trace \(number) was proved: \(run)")
            }
            guard fault == .cached else { continue }
            let promise = FreshnessPromise(.contains, timeToLive: UInt64(run.timeToLive))
            let kept = FreshnessAudit(trace, promise).findings[0]
            #expect(kept.verdict != .failed, "trace \(number): \(kept): \(run)")
        }
        if fault != .none { #expect(failures > Simulation.traces / 50, "\(failures)") }
        shares.print("set, \(fault)")
    }

    @Test("the order of an element agrees with an exhaustive search")
    func setOrderIsExact() {
        var random = SeededGenerator(seed: 24)
        var tally = (linearizable: 0, not: 0)
        for number in 0..<max(3000, Simulation.traces) {
            let history = SmallSetHistory(&random)
            guard let expected = history.isLinearizable else { continue }
            let found = SetOrder(history.history).contradictions.isEmpty
            #expect(found == expected, "history \(number): \(history)")
            if expected { tally.linearizable += 1 } else { tally.not += 1 }
            // Every other complaint about a set means that it cannot be ordered either.
            let freshness = SetFreshness(history.history)
            let isFresh =
                freshness.missing.isEmpty && freshness.undeleted.isEmpty && freshness.resurrected.isEmpty
                && freshness.phantoms.isEmpty
            #expect(isFresh || !expected, "history \(number): \(history): \(freshness)")
        }
        #expect(tally.linearizable > 100 && tally.not > 100, "\(tally)")
    }
}

/// A random history of one element of a set, small enough to try all orders.
struct SmallSetHistory {
    private enum Operation { case create, delete, read(shows: Bool) }
    private var operations: [(operation: Operation, interval: Interval)] = []
    private let hasCreation: Bool
    let history: SetHistory

    init(_ random: inout SeededGenerator) {
        var records: [TraceRecord] = []
        func interval(_ horizon: Int64) -> Interval {
            let sent = random.int(0...horizon)
            return Interval(sent: sent, received: sent + random.int(0...5))
        }
        hasCreation = random.int(0...3) > 0
        if hasCreation {
            operations.append((.create, interval(6)))
            records.append(Simulation.record(operations[0].interval, value: 0, operation: .write))
        }
        if random.int(0...1) == 0 {
            let deletion = interval(14)
            operations.append((.delete, deletion))
            records.append(Simulation.record(deletion, value: 0, operation: .delete))
        }
        for _ in 0..<random.int(0...4) {
            let (read, shows) = (interval(16), random.int(0...1) == 0)
            operations.append((.read(shows: shows), read))
            records.append(Simulation.record(read, value: shows ? 0 : nil, operation: .read))
        }
        var values = SymbolTable()
        _ = values.number(of: "x")
        var elements = SetElements(values)
        history = SetHistory(records.sorted { $0.sent < $1.sent }[...], &elements)
    }

    /// Tries every order that keeps an operation before those that began after it ended. Nil if the element's states
    /// are not clear: then it is not checked.
    var isLinearizable: Bool? {
        guard history.elements.allSatisfy({ !$0.isRepeated }), !history.elements.isEmpty else { return nil }
        // Without a creation, an element that no read shows may never have existed.
        let starts = hasCreation ? [false] : [true, false]
        return starts.contains { isPresent in
            // An element without a creation that is shown existed before.
            var isPlaced = Array(repeating: false, count: operations.count)
            func place(_ placed: Int, _ isPresent: Bool) -> Bool {
                if placed == operations.count { return true }
                for (index, operation) in operations.enumerated() where !isPlaced[index] {
                    let waits = operations.indices.contains { other in
                        !isPlaced[other] && operations[other].interval.received < operation.interval.sent
                    }
                    if waits { continue }
                    var next = isPresent
                    switch operation.operation {
                    case .create: next = true
                    case .delete: next = false
                    case .read(let shows): if shows != isPresent { continue }
                    }
                    isPlaced[index] = true
                    if place(placed + 1, next) { return true }
                    isPlaced[index] = false
                }
                return false
            }
            return place(0, isPresent)
        }
    }
}
