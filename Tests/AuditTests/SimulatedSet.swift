import Audit
import TestSupport
import Trace

/// A set of elements that is read through a cache, in simulated time, right or with a fault.
struct SimulatedSet {
    enum Fault: CaseIterable {
        case none
        /// Reads come from a cache that lives for `timeToLive` and does not learn of changes.
        case cached
        /// Now and then an acknowledged creation is lost, or a deletion.
        case lost
        /// Now and then a read shows an element that was deleted.
        case resurrecting
    }

    let fault: Fault
    let timeToLive: Int64
    private(set) var elements: Set<Int> = []
    private var deleted: Set<Int> = []
    private var cached: (until: Int64, elements: Set<Int>) = (.min, [])

    init(_ fault: Fault, timeToLive: Int64) { (self.fault, self.timeToLive) = (fault, timeToLive) }

    mutating func create(_ element: Int, _ random: inout SeededGenerator) {
        if fault == .lost, random.int(0...4) == 0 { return }
        elements.insert(element)
    }

    mutating func delete(_ element: Int, _ random: inout SeededGenerator) {
        if fault == .lost, random.int(0...4) == 0 { return }
        elements.remove(element)
        deleted.insert(element)
    }

    mutating func read(at now: Int64, _ random: inout SeededGenerator) -> Set<Int> {
        switch fault {
        case .none, .lost: return elements
        case .resurrecting: return random.int(0...5) == 0 ? elements.union(deleted.sorted().suffix(1)) : elements
        case .cached:
            if now > cached.until { cached = (now + timeToLive, elements) }
            return cached.elements
        }
    }
}

/// What one set's clients saw, and what really happened.
struct SetRun {
    private(set) var trace = RequestTrace()
    private(set) var overlap: Int64
    let timeToLive: Int64
    /// Whether each read showed exactly the elements that were created and not deleted.
    private(set) var isFresh = true

    init(_ fault: SimulatedSet.Fault, _ random: inout SeededGenerator) {
        overlap = Simulation.overlaps[Int(random.int(0...Int64(Simulation.overlaps.count - 1)))]
        timeToLive = random.int(20...300)
        var set = SimulatedSet(fault, timeToLive: timeToLive)
        var values = SymbolTable()
        var records: [TraceRecord] = []
        // What the acknowledged requests promise, and elements that existed before the trace.
        var promised: Set<Int> = []
        for element in 100..<100 + Int(random.int(0...2)) {
            set.create(element, &random)
            if set.elements.contains(element) { promised.insert(element) }
        }
        var undeleted: [(element: Int, after: Int64)] = promised.sorted().map { ($0, .min) }
        var next = 0
        var now: Int64 = 10_000
        for _ in 0..<random.int(1...30) {
            now += random.int(1...60)
            let interval = Simulation.interval(around: now, width: overlap, &random)
            let user = UInt32(random.int(0...2))
            let operation: TraceRecord.Operation
            let value: String
            switch random.int(0...9) {
            case 0...2:
                (operation, value) = (.write, "e\(next)")
                set.create(next, &random)
                promised.insert(next)
                undeleted.append((next, interval.received))
                next += 1
            case 3:
                // A client deletes what it knows to exist.
                guard let index = undeleted.firstIndex(where: { $0.after < interval.sent }) else { continue }
                let element = undeleted.remove(at: index).element
                (operation, value) = (.delete, "e\(element)")
                set.delete(element, &random)
                promised.remove(element)
            default:
                let shown = set.read(at: now, &random)
                if shown != promised { isFresh = false }
                (operation, value) = (.read, shown.sorted().map { "e\($0)" }.joined(separator: " "))
            }
            records.append(
                Simulation.record(
                    interval, value: value.isEmpty ? nil : values.number(of: value), user: user, operation: operation))
        }
        trace = Simulation.trace(records, values: values.names)
    }
}
