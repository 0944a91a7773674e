import Audit
import TestSupport
import Trace

/// An object that is written and read through a cache, in simulated time, right or with a fault.
struct SimulatedRegister {
    enum Fault: CaseIterable {
        case none
        /// Reads come from a cache that lives for `timeToLive` and does not learn of writes.
        case cached
        /// Reads come from a copy that is always `timeToLive` behind.
        case lagging
        /// Now and then an acknowledged write is lost.
        case lost
        /// Now and then a read shows a value that is not written until later.
        case early
    }

    let fault: Fault
    let timeToLive: Int64
    /// The values and the instants from which they were current; nil is an absent object.
    private var versions: [(from: Int64, value: UInt32?)] = [(.min, nil)]
    private var cached: (until: Int64, value: UInt32?) = (.min, nil)

    init(_ fault: Fault, timeToLive: Int64) { (self.fault, self.timeToLive) = (fault, timeToLive) }

    mutating func write(_ value: UInt32?, at now: Int64, _ random: inout SeededGenerator) {
        if fault == .lost, random.int(0...5) == 0 { return }
        versions.append((now, value))
    }

    mutating func read(at now: Int64, next: UInt32, _ random: inout SeededGenerator) -> UInt32? {
        switch fault {
        case .none, .lost: return value(at: now)
        case .lagging: return value(at: now - timeToLive)
        case .early: return random.int(0...9) == 0 ? next : value(at: now)
        case .cached:
            if now > cached.until { cached = (now + timeToLive, value(at: now)) }
            return cached.value
        }
    }

    private func value(at instant: Int64) -> UInt32? { versions.last { $0.from <= instant }?.value }
}

/// What one register's clients saw, and what really happened.
struct RegisterRun {
    var records: [TraceRecord] = []
    /// All writes that were acknowledged, in the order of their instants.
    private var writes: [(at: Int64, value: UInt32?)] = []
    private var reads: [(at: Int64, value: UInt32?)] = []
    var overlap: Int64
    let timeToLive: Int64
    /// The values' names.
    static let values = (0..<64).map { "\($0)" }

    init(_ fault: SimulatedRegister.Fault, deletes: Bool, _ random: inout SeededGenerator) {
        overlap = Simulation.overlaps[Int(random.int(0...Int64(Simulation.overlaps.count - 1)))]
        timeToLive = random.int(20...300)
        var register = SimulatedRegister(fault, timeToLive: timeToLive)
        var now: Int64 = 10_000
        var next: UInt32 = 1
        for _ in 0..<random.int(1...30) {
            now += random.int(1...60)
            let interval = Simulation.interval(around: now, width: overlap, &random)
            let user = UInt32(random.int(0...2))
            // Some writes get no response; they may have no effect either.
            let isUnknown = random.int(0...19) == 0
            let outcome = isUnknown ? TraceRecord.Outcome.unknown : .admitted
            switch random.int(0...9) {
            case 0...2:
                if !isUnknown || random.int(0...1) == 0 {
                    register.write(next, at: now, &random)
                    if !isUnknown { writes.append((now, next)) }
                }
                records.append(
                    Simulation.record(interval, value: next, user: user, outcome: outcome, operation: .write))
                next += 1
            case 3 where deletes:
                register.write(nil, at: now, &random)
                writes.append((now, nil))
                records.append(Simulation.record(interval, user: user, operation: .delete))
            default:
                let value = register.read(at: now, next: next, &random)
                reads.append((now, value))
                records.append(Simulation.record(interval, value: value, user: user, operation: .read))
            }
        }
    }

    var trace: RequestTrace { Simulation.trace(records, values: Self.values) }

    /// Whether each read shows the value of the last acknowledged write, when no write went unanswered. Before the first
    /// one, all show the same.
    var isFresh: Bool {
        let initial = reads.first { read in !writes.contains { $0.at <= read.at } }?.value
        return reads.allSatisfy { read in
            (writes.last { $0.at <= read.at } ?? (at: 0, value: initial)).value == read.value
        }
    }

    var hasUnknown: Bool { records.contains { $0.outcome == .unknown } }
}
