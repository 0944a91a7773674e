/// Checks whether one order of an object's reads and writes, each at an instant within its interval, explains all
/// reads.
///
/// Uses zones (Gibbons and Korach, "Testing shared memories", SIAM Journal on Computing 26(4), 1997). Each write forms
/// a group with the reads that show its value. Let m be the earliest end in the group and M the latest begin. If m < M,
/// the value must have been current throughout the forward zone [m, M]. Otherwise the group can be placed at one
/// instant of the backward zone [M, m]. The history is linearizable if and only if no two forward zones overlap, no
/// backward zone lies within a forward zone, and no read ends before its write begins.
package enum Linearizability {
    package enum Finding: Equatable, Sendable {
        case linearizable
        /// The values that cannot be ordered; nil is the initial value.
        case notLinearizable([UInt32?])
        /// A value was written twice, or the object was deleted: zones need unique values.
        case undecided
    }

    package static func check(_ history: RegisterHistory) -> Finding {
        guard let zones = zones(history) else { return .undecided }
        for zone in zones where zone.isReadTooEarly { return .notLinearizable([zone.value]) }
        let forward = zones.filter(\.isForward).sorted { $0.start < $1.start }
        for (zone, next) in zip(forward, forward.dropFirst()) where next.start < zone.end {
            return .notLinearizable([zone.value, next.value])
        }
        for zone in zones where !zone.isForward {
            let index = forward.partitioningIndex { $0.start >= zone.start }
            if index > 0, zone.end < forward[index - 1].end {
                return .notLinearizable([zone.value, forward[index - 1].value])
            }
        }
        return .linearizable
    }

    private struct Zone {
        var value: UInt32?
        /// The earliest end, and the latest begin.
        var earliestEnd: Int64
        var latestBegin: Int64
        var writeBegin: Int64
        var isReadTooEarly = false
        var isRead = false

        var isForward: Bool { earliestEnd < latestBegin }
        var start: Int64 { min(earliestEnd, latestBegin) }
        var end: Int64 { max(earliestEnd, latestBegin) }
    }

    private static func zones(_ history: RegisterHistory) -> [Zone]? {
        // The initial value counts as written before everything else.
        var initial = Zone(value: nil, earliestEnd: .min, latestBegin: .min, writeBegin: .min)
        var zones: [UInt32: Zone] = [:]
        for write in history.writes {
            guard let value = write.value, zones[value] == nil else { return nil }
            zones[value] = Zone(
                value: value, earliestEnd: write.interval.received, latestBegin: write.interval.sent,
                writeBegin: write.interval.sent)
        }
        var unwritten: Set<UInt32?> = []
        for read in history.reads {
            guard let value = read.value, var zone = zones[value] else {
                unwritten.insert(read.value)
                initial.latestBegin = max(initial.latestBegin, read.interval.sent)
                continue
            }
            zone.isRead = true
            zone.earliestEnd = min(zone.earliestEnd, read.interval.received)
            zone.latestBegin = max(zone.latestBegin, read.interval.sent)
            if read.interval.received < zone.writeBegin { zone.isReadTooEarly = true }
            zones[value] = zone
        }
        // Two values that were never written cannot both be the initial one.
        if unwritten.count > 1 { initial.isReadTooEarly = true }
        // A write that was neither acknowledged nor read may never have happened.
        let happened = zones.values.filter { $0.isRead || $0.earliestEnd != Interval.never }
        return happened + (unwritten.isEmpty ? [] : [initial])
    }
}
