import Trace

/// Audits reads and writes of objects for stale reads.
///
/// Each key is an object. Objects are examined one after the other, so that only one's history is in memory.
package struct FreshnessAudit: Sendable {
    package private(set) var findings: [AuditFinding] = []

    /// The user without a name: all requests whose user is not known.
    private let anonymous: UInt32?
    private let knowsUsers: Bool

    package init(_ trace: KeyedTrace, _ promise: FreshnessPromise) {
        let users = trace.trace.users.names
        anonymous = users.firstIndex(of: "").map { UInt32($0) }
        knowsUsers = users.contains { !$0.isEmpty }
        switch promise.shape {
        case .latest: auditRegisters(trace, promise.timeToLive)
        case .contains: auditSets(trace, promise.timeToLive)
        }
    }

    private mutating func auditRegisters(_ trace: KeyedTrace, _ timeToLive: Nanoseconds?) {
        var keys: [String] = []
        var tally = FreshnessTally()
        var orders = ObjectOrders()
        for key in trace.keys {
            let history = RegisterHistory(trace.records(of: key))
            guard !history.isEmpty else { continue }
            tally.note(
                Freshness(history, anonymous: anonymous), keys.count, allowedAge: Int64(clamping: timeToLive ?? 0))
            if timeToLive == nil { orders.note(history, keys.count) }
            keys.append(trace.name(of: key))
        }
        let values = trace.trace.values
        let text = FreshnessText(
            keys: keys, start: Int64(clamping: trace.start), timeToLive: timeToLive, shape: .latest,
            name: { $0.map { "\"\(values[$0])\"" } ?? "nothing" })
        add(text, tally)
        guard timeToLive == nil else { return }
        if knowsUsers { findings.append(text.monotonic(tally).named("monotonic reads")) }
        findings.append(text.linearizability(orders).named("linearizability"))
    }

    private mutating func auditSets(_ trace: KeyedTrace, _ timeToLive: Nanoseconds?) {
        var keys: [String] = []
        var tally = FreshnessTally()
        var numbers = SetElements(trace.trace.values)
        var orders = ObjectOrders()
        for key in trace.keys {
            let history = SetHistory(trace.records(of: key), &numbers)
            guard !history.isEmpty else { continue }
            tally.note(
                SetFreshness(history, anonymous: anonymous), keys.count, allowedAge: Int64(clamping: timeToLive ?? 0))
            if timeToLive == nil { orders.note(history, keys.count) }
            keys.append(trace.name(of: key))
        }
        let names = numbers
        let text = FreshnessText(
            keys: keys, start: Int64(clamping: trace.start), timeToLive: timeToLive, shape: .contains,
            name: { $0.map { "\"\(names.name($0))\"" } ?? "nothing" })
        add(text, tally)
        guard timeToLive == nil else { return }
        findings.append(text.linearizability(orders).named("linearizability"))
    }

    private mutating func add(_ text: FreshnessText, _ tally: FreshnessTally) {
        findings.append(text.freshness(tally).named(text.title))
        // A value may be older than the user's own write while its time to live lasts.
        guard text.timeToLive == nil, knowsUsers else { return }
        findings.append(text.ownWrites(tally).named("read your writes"))
    }
}
