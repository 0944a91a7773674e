import Audit
import TestSupport

/// A small random trace, with an exhaustive search of the histories that it allows.
struct SmallHistories {
    var intervals: [Interval]

    /// Makes up to `most` requests sent within `horizon`, each up to `width` long.
    init(_ random: inout SeededGenerator, most: Int64 = 6, horizon: Int64 = 14, width: Int64 = 4) {
        intervals = (0..<random.int(1...most)).map { _ in
            let sent = random.int(0...horizon)
            return Interval(sent: sent, received: sent + random.int(0...width))
        }
    }

    /// Whether at least one history complies, and whether all do.
    func verdicts(_ complies: ([Int64]) -> Bool) -> (some: Bool, all: Bool) {
        var (some, all) = (false, true)
        var instants = intervals.map(\.sent)
        func visit(_ index: Int) {
            guard index < instants.count else {
                if complies(instants.sorted()) { some = true } else { all = false }
                return
            }
            for instant in intervals[index].sent...intervals[index].received {
                instants[index] = instant
                visit(index + 1)
                if some && !all { return }
            }
        }
        visit(0)
        return (some, all)
    }
}

/// The policies, checked on the exact instants of the server's decisions.
enum Policy {
    static func sliding(_ instants: [Int64], limit: Int, length: Int64) -> Bool {
        zip(instants, instants.dropFirst(limit)).allSatisfy { $1 - $0 >= length }
    }

    static func fixed(_ instants: [Int64], limit: Int, length: Int64) -> Bool {
        var (start, count) = (Int64.min, 0)
        for instant in instants {
            if start == .min || instant >= start + length { (start, count) = (instant, 0) }
            count += 1
            if count > limit { return false }
        }
        return true
    }

    static func aligned(_ instants: [Int64], phase: Int64, limit: Int, length: Int64) -> Bool {
        let windows = instants.map { Int64((Double($0 - phase) / Double(length)).rounded(.down)) }
        return Dictionary(grouping: windows, by: { $0 }).values.allSatisfy { $0.count <= limit }
    }

    static func slidingCounter(_ instants: [Int64], phase: Int64, limit: Int, length: Int64) -> Bool {
        let windows = instants.map { Int64((Double($0 - phase) / Double(length)).rounded(.down)) }
        return instants.indices.allSatisfy { index in
            let current = windows[..<index].count { $0 == windows[index] }
            let previous = windows.count { $0 == windows[index] - 1 }
            let elapsed = instants[index] - phase - windows[index] * length
            return Double(previous) * Double(length - elapsed) + Double(current) * Double(length)
                < Double(limit) * Double(length)
        }
    }

    static func bucket(_ instants: [Int64], burst: Int64, tokens: Int64, period: Int64) -> Bool {
        instants.indices.allSatisfy { first in
            instants.indices[first...].allSatisfy { last in
                Int64(last - first + 1) * period <= burst * period + tokens * (instants[last] - instants[first])
            }
        }
    }
}

extension SeededGenerator {
    mutating func int(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }
}
