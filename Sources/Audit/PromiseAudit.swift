import HeapModule
import Trace

/// Compares what responses said about a limit with what happened.
package struct PromiseAudit: Sendable {
    /// Whether a client that waited as `Retry-After` says was denied.
    package let waits: AuditFinding
    /// Whether a client was denied that had requests left.
    package let remaining: AuditFinding

    /// - Parameter steps: the steps to which the limit applies; empty for all.
    package init(_ trace: KeyedTrace, steps: Set<String> = []) {
        let filter = StepFilter(trace.trace, steps)
        let promises = Dictionary(grouping: trace.trace.promises.lazy.filter { filter.includes($0.record) }) {
            $0.record.key
        }
        var tally = PromiseTally()
        for key in trace.keys {
            guard let own = promises[key.number] else { continue }
            let requests = trace.records(of: key).filter(filter.includes)
            tally.note(
                own.sorted { $0.record.received < $1.record.received }, requests, key: trace.name(of: key))
        }
        let text = PromiseText(start: Int64(clamping: trace.start))
        waits = text.waits(tally)
        remaining = text.remaining(tally)
    }
}

/// How the promises of all keys were kept.
struct PromiseTally {
    struct Breach {
        var key: String
        /// The request whose response made the promise, and the one that was denied.
        var promise: Interval
        var denial: Interval
        /// What was promised: nanoseconds to wait, or requests left.
        var promised: Int64
        /// Requests between the two.
        var between = 0

        /// How long after the first response the denied request was sent.
        var delay: Int64 { denial.sent - promise.received }
    }

    /// Denials that said how long to wait, requests that waited that long, and those of them that were denied.
    var waits = 0
    var waited = 0
    var brokenWaits = 0
    var worstWait: Breach?
    /// Requests that were admitted before the promised time, and by how much at most.
    var early = 0
    var earliest: Int64 = 0

    /// Responses with a remaining count, and denials that contradict one.
    var counts = 0
    var brokenCounts = 0
    var worstCount: Breach?

    /// - Parameters:
    ///   - promises: of one key, sorted by the time at which they were received.
    ///   - requests: of that key, sorted by the time at which they were sent.
    mutating func note(_ promises: [RateLimitPromise], _ requests: [TraceRecord], key: String) {
        noteWaits(promises.filter { $0.retryAfter != nil && $0.record.outcome == .denied }, requests, key: key)
        noteCounts(promises.filter { $0.remaining != nil }, requests, key: key)
    }

    /// A denial's promise holds until another request may have been admitted: that one may have taken the room. Of
    /// several promises, the latest counts.
    private mutating func noteWaits(_ promises: [RateLimitPromise], _ requests: [TraceRecord], key: String) {
        waits += promises.count
        guard !promises.isEmpty else { return }
        var open = Heap<OpenWait>()
        var next = 0
        var possible = LatestAdmissions(requests)
        for request in requests where request.outcome == .denied || request.outcome == .admitted {
            let own = Interval(request)
            while next < promises.count, Interval(promises[next].record).received < own.sent {
                open.insert(
                    OpenWait(
                        promise: Interval(promises[next].record),
                        wait: Int64(clamping: promises[next].retryAfter ?? 0)))
                next += 1
            }
            // For an admission, the admissions before it; it does not itself void what it was promised.
            let voided =
                request.outcome == .denied
                ? possible.latestEnd(sentBy: own.received) : possible.latestEnd(sentBefore: own.sent)
            while let first = open.max, first.promise.sent < voided { open.removeMax() }
            guard let latest = open.max else { continue }
            if own.sent >= latest.end {
                waited += 1
                guard request.outcome == .denied else { continue }
                brokenWaits += 1
                let breach = Breach(key: key, promise: latest.promise, denial: own, promised: latest.wait)
                if worstWait.map({ breach.delay - breach.promised > $0.delay - $0.promised }) ?? true {
                    worstWait = breach
                }
            } else if request.outcome == .admitted, own.received < latest.promise.sent + latest.wait {
                early += 1
                earliest = max(earliest, latest.promise.sent + latest.wait - own.received)
            }
        }
    }

    /// A remaining count of n contradicts a denial if fewer than n requests may have been counted since.
    private mutating func noteCounts(_ promises: [RateLimitPromise], _ requests: [TraceRecord], key: String) {
        counts += promises.count
        guard !promises.isEmpty else { return }
        // A retried request may have been counted twice, the first time at any later instant.
        var sent: [Int64] = []
        for request in requests { sent += Array(repeating: Interval(request).sent, count: request.isRetried ? 2 : 1) }
        let received = requests.map { Interval($0).received }.sorted()
        var next = 0
        var best: (room: Int, promise: RateLimitPromise)?
        for request in requests where request.outcome == .denied {
            let own = Interval(request)
            while next < promises.count, Interval(promises[next].record).received < own.sent {
                let promise = promises[next]
                let before = Interval(promise.record).sent
                let room = Int(promise.remaining ?? 0) + received.partitioningIndex { $0 >= before }
                if best.map({ room > $0.room }) ?? true { best = (room, promise) }
                next += 1
            }
            guard let (room, promise) = best else { continue }
            // All sent by now, without the promised one and this one.
            let between = sent.partitioningIndex { $0 > own.received } - 2
            guard between < room else { continue }
            let stated = Interval(promise.record)
            let since = between - received.partitioningIndex { $0 >= stated.sent }
            brokenCounts += 1
            let breach = Breach(
                key: key, promise: stated, denial: own, promised: Int64(promise.remaining ?? 0), between: max(0, since))
            if worstCount.map({ breach.promised - Int64(breach.between) > $0.promised - Int64($0.between) }) ?? true {
                worstCount = breach
            }
        }
    }
}

/// A promise to a client that was denied: it may come back `wait` later.
private struct OpenWait: Comparable {
    var promise: Interval
    var wait: Int64

    /// When the wait certainly ended.
    var end: Int64 { promise.received.saturatingAdd(wait) }

    static func < (left: OpenWait, right: OpenWait) -> Bool { left.end < right.end }
}

/// When the last request ended that may have been admitted, as time advances.
private struct LatestAdmissions {
    private let requests: [Interval]
    private var next = 0
    private var latest = Int64.min

    init(_ requests: [TraceRecord]) {
        self.requests = requests.filter { $0.outcome != .denied || $0.isRetried }
            .map { $0.isRetried ? Interval(sent: Interval($0).sent, received: Interval.never) : Interval($0) }
    }

    mutating func latestEnd(sentBy instant: Int64) -> Int64 {
        while next < requests.count, requests[next].sent <= instant {
            latest = max(latest, requests[next].received)
            next += 1
        }
        return latest
    }

    mutating func latestEnd(sentBefore instant: Int64) -> Int64 { latestEnd(sentBy: instant - 1) }
}

/// States in words how promises were kept.
private struct PromiseText {
    /// When the trace began.
    let start: Int64

    func waits(_ tally: PromiseTally) -> AuditFinding {
        var finding = AuditFinding(
            verdict: .consistent, sentence: "", examined: tally.waits, breaches: tally.brokenWaits)
        if let worst = tally.worstWait {
            finding.verdict = .failed
            finding.sentence =
                "\(tally.brokenWaits) of \(counted(tally.waited, "request")) that waited as told "
                + "\(tally.brokenWaits == 1 ? "was" : "were") denied: \(name(worst.key)) was told to wait \(seconds(worst.promised)) "
                + "and denied \(seconds(worst.delay)) after that response."
            finding.witnesses = witnesses(worst, "told to wait \(seconds(worst.promised))")
        } else if tally.waits == 0 {
            finding.verdict = .undecided
            finding.sentence = "No denial says how long to wait."
        } else if tally.waited == 0 {
            finding.verdict = .undecided
            finding.sentence =
                "\(counted(tally.waits, "denial")) said how long to wait, but no request waited that long."
        } else {
            finding.sentence = "None of \(counted(tally.waited, "request")) that waited as told was denied."
        }
        if tally.early > 0 {
            finding.resolution =
                "\(counted(tally.early, "request")) \(tally.early == 1 ? "was" : "were") admitted before the promised time, up to "
                + "\(seconds(tally.earliest)) early."
        }
        return finding
    }

    func remaining(_ tally: PromiseTally) -> AuditFinding {
        var finding = AuditFinding(
            verdict: .consistent, sentence: "", examined: tally.counts, breaches: tally.brokenCounts)
        if let worst = tally.worstCount {
            finding.verdict = .failed
            finding.sentence =
                "\(counted(tally.brokenCounts, "denial")) \(tally.brokenCounts == 1 ? "contradicts" : "contradict") the remaining "
                + "count: \(name(worst.key)) was denied \(seconds(worst.delay)) after a response said that \(worst.promised) more would "
                + "be admitted, and at most \(counted(worst.between, "request")) came between."
            finding.witnesses = witnesses(worst, "\(worst.promised) remaining")
        } else if tally.counts == 0 {
            finding.verdict = .undecided
            finding.sentence = "No response states a remaining count."
        } else {
            finding.sentence = "No denial contradicts the remaining counts of \(counted(tally.counts, "response"))."
        }
        return finding
    }

    private func name(_ key: String) -> String { key.isEmpty ? "a client" : key }

    private func witnesses(_ breach: PromiseTally.Breach, _ promise: String) -> [AuditFinding.Witness] {
        [(breach.promise, promise), (breach.denial, "denied")].map { interval, what in
            AuditFinding.Witness(
                key: breach.key, sent: interval.sent - start,
                received: interval.received == Interval.never ? nil : interval.received - start, what: what)
        }
    }
}
