import HeapModule
import Trace

/// Fills of a cached value for which one number of reads reached the origin.
package struct FillCount: Equatable, Codable, Sendable {
    package var misses: Int
    package var fills: Int
}

/// Counts the reads that reached the origin each time that a cached value was filled.
package enum StampedeAudit {
    static func finding(_ trace: KeyedTrace, _ promise: StampedePromise) -> AuditFinding {
        let classes = trace.trace.classes.names
        let misses = classes.firstIndex(of: promise.missClass)
        let hits = classes.firstIndex(of: promise.hitClass)
        var tally = StampedeTally()
        for key in trace.keys {
            let reads = KeyReads(trace.records(of: key), missClass: misses, hitClass: hits)
            tally.note(reads, timeToLive: promise.timeToLive.map { Int64(clamping: $0) }, key: trace.name(of: key))
        }
        return tally.finding(promise, start: Int64(clamping: trace.start))
    }
}

/// One key's reads by their class, and what may have invalidated its value. Sorted by the time at which they were sent.
struct KeyReads {
    var misses: [Interval] = []
    var hits: [Interval] = []
    var changes: [Interval] = []

    init(misses: [Interval], hits: [Interval] = [], changes: [Interval] = []) {
        (self.misses, self.hits, self.changes) = (misses, hits, changes)
    }

    init(_ records: ArraySlice<TraceRecord>, missClass: Int?, hitClass: Int?) {
        for record in records {
            switch record.operation {
            case .write, .delete:
                if record.outcome != .denied { changes.append(Interval(change: record)) }
            case .read, .none:
                guard record.outcome == .admitted, record.responseClass != TraceRecord.noClass else { continue }
                if Int(record.responseClass) == missClass { misses.append(Interval(record)) }
                if Int(record.responseClass) == hitClass { hits.append(Interval(record)) }
            }
        }
    }
}

/// The fills of all keys.
struct StampedeTally {
    private(set) var keys = 0
    private(set) var misses = 0
    /// The number of fills by that of misses: as many as may belong to one fill.
    private(set) var fills: [Int: Int] = [:]
    /// The most misses at one instant.
    private(set) var mostConcurrent = 0
    /// The most misses that certainly belong to one fill.
    private(set) var certain: [Interval] = []
    private(set) var certainKey = ""

    /// - Parameter timeToLive: how long a value stays cached; nil if longer than any response takes.
    mutating func note(_ reads: KeyReads, timeToLive: Int64?, key: String) {
        guard !reads.misses.isEmpty else { return }
        keys += 1
        misses += reads.misses.count
        noteConcurrent(reads, timeToLive, key)
        noteFills(reads, timeToLive)
    }

    /// Misses that are under way at one instant belong to one fill, unless the value may have been invalidated or have
    /// expired in between.
    private mutating func noteConcurrent(_ reads: KeyReads, _ timeToLive: Int64?, _ key: String) {
        let changesReceived = reads.changes.map(\.received).sorted()
        // Those under way, the first to end first.
        var active = Heap<ByEnd>()
        for miss in reads.misses {
            active.insert(ByEnd(interval: miss))
            while let first = active.min, first.interval.received < miss.sent { active.removeMin() }
            mostConcurrent = max(mostConcurrent, active.count)
            guard active.count > certain.count else { continue }
            let group = active.unordered.map(\.interval)
            let from = group.map(\.sent).min() ?? miss.sent
            let to = group.map(\.received).max() ?? miss.received
            // Changes sent by the end, minus those that ended before the start.
            let changes =
                reads.changes.partitioningIndex { $0.sent > to }
                - changesReceived.partitioningIndex { $0 >= from }
            guard changes == 0, timeToLive.map({ to - from < $0 }) ?? true else { continue }
            certain = group.sorted { $0.sent < $1.sent }
            certainKey = key
        }
    }

    /// Splits misses wherever a hit, a change or an expiry certainly separates them.
    private mutating func noteFills(_ reads: KeyReads, _ timeToLive: Int64?) {
        let hits = Separators(reads.hits)
        let changes = Separators(reads.changes)
        var (count, end) = (0, Int64.min)
        for miss in reads.misses {
            let isNew =
                hits.exists(after: end, before: miss.sent) || changes.exists(after: end, before: miss.sent)
                || timeToLive.map { miss.sent >= end.saturatingAdd($0) } ?? false
            if count > 0, isNew {
                fills[count, default: 0] += 1
                count = 0
            }
            count += 1
            end = max(end, miss.received)
        }
        if count > 0 { fills[count, default: 0] += 1 }
    }

    func finding(_ promise: StampedePromise, start: Int64) -> AuditFinding {
        guard misses > 0 else {
            return AuditFinding(
                verdict: .undecided,
                sentence: "The trace does not show a stampede: no response is of class \(promise.missClass).",
                examined: 0)
        }
        let worst = fills.keys.max() ?? 0
        let total = fills.values.reduce(0, +)
        var finding = AuditFinding(verdict: .consistent, sentence: "", examined: misses)
        finding.fills = fills.sorted { $0.key < $1.key }.map { FillCount(misses: $0.key, fills: $0.value) }
        finding.breaches = fills.filter { $0.key > promise.limit }.values.reduce(0, +)
        if certain.count > promise.limit {
            finding.verdict = .failed
            let span = (certain.map(\.received).max() ?? 0) - (certain.map(\.sent).min() ?? 0)
            finding.sentence =
                "\(certain.count) concurrent reads\(certainKey.isEmpty ? "" : " of \(certainKey)") reached the origin within "
                + "\(seconds(span)); at most \(promise.limit) may for one fill."
            finding.witnesses = certain.prefix(AuditFinding.mostWitnesses).map {
                AuditFinding.Witness(
                    key: certainKey, sent: $0.sent - start, received: $0.received - start, what: "miss")
            }
        } else if worst <= promise.limit {
            finding.verdict = .proved
            finding.breaches = 0
            finding.sentence =
                "In \(counted(total, "fill")) of \(counted(keys, "key")), at most \(counted(worst, "read")) reached the origin."
        } else {
            finding.breaches = 0
            finding.sentence =
                "At no instant did more than \(counted(promise.limit, "read")) certainly reach the origin for one fill."
            finding.resolution =
                "Up to \(worst) reads reached it without a hit, an invalidation or an expiry that certainly came between."
        }
        return finding
    }
}

/// Events of which one may lie between two others.
private struct Separators {
    private let sent: [Int64]
    /// For each index, the earliest end of the events from there on.
    private let earliestEnd: [Int64]

    /// - Parameter events: sorted by the time at which they were sent.
    init(_ events: [Interval]) {
        sent = events.map(\.sent)
        var earliest = [Int64](repeating: .max, count: events.count + 1)
        for index in events.indices.reversed() { earliest[index] = min(earliest[index + 1], events[index].received) }
        earliestEnd = earliest
    }

    func exists(after start: Int64, before end: Int64) -> Bool {
        earliestEnd[sent.partitioningIndex { $0 > start }] < end
    }
}

/// Orders intervals by their end.
private struct ByEnd: Comparable {
    var interval: Interval

    static func < (left: ByEnd, right: ByEnd) -> Bool { left.interval.received < right.interval.received }
}
