import Testing
import TestSupport

@testable import Audit

@Suite struct FreshnessTests {
    private func write(_ value: UInt32?, _ range: ClosedRange<Int64>) -> RegisterHistory.Access {
        RegisterHistory.Access(
            interval: Interval(sent: range.lowerBound, received: range.upperBound), value: value, user: 0)
    }

    private func read(_ value: UInt32?, _ range: ClosedRange<Int64>, user: UInt32 = 1) -> RegisterHistory.Access {
        RegisterHistory.Access(
            interval: Interval(sent: range.lowerBound, received: range.upperBound), value: value, user: user)
    }

    @Test("a read of an overwritten value is stale and reports its age")
    func stale() {
        let history = RegisterHistory(writes: [write(1, 0...10), write(2, 20...30)], reads: [read(1, 50...60)])
        let freshness = Freshness(history)
        #expect(freshness.stale.map(\.age) == [20...40])
    }

    @Test("a read that overlaps a write may show either value")
    func overlapping() {
        let history = RegisterHistory(
            writes: [write(1, 0...10), write(2, 20...30)], reads: [read(1, 25...40), read(2, 25...40)])
        let freshness = Freshness(history)
        #expect(freshness.stale.isEmpty)
        #expect(freshness.ambiguous == 2)
    }

    @Test("after two writes that overlapped, either value is correct")
    func unordered() {
        let writes = [write(1, 0...10), write(2, 5...15), write(3, 30...40)]
        let freshness = Freshness(RegisterHistory(writes: writes, reads: [read(1, 20...25), read(3, 50...60)]))
        #expect(freshness.stale.isEmpty && freshness.ambiguous == 1)
    }

    @Test("a read that misses its own user's write is one more breach, and another user's is not")
    func ownWrites() {
        let writes = [write(1, 0...10), write(2, 20...30)]
        let own = Freshness(RegisterHistory(writes: writes, reads: [read(1, 50...60, user: 0)]))
        #expect(own.ownMissed.map(\.write.value) == [2])
        let other = Freshness(RegisterHistory(writes: writes, reads: [read(1, 50...60, user: 1)]))
        #expect(other.ownMissed.isEmpty && other.stale.count == 1)
        let unknown = Freshness(RegisterHistory(writes: writes, reads: [read(1, 50...60, user: 0)]), anonymous: 0)
        #expect(unknown.ownMissed.isEmpty)
    }

    @Test("a value that is shown after its deletion was observed is resurrected")
    func resurrected() {
        let writes = [write(1, 0...10), write(nil, 20...100)]
        let shown = RegisterHistory(writes: writes, reads: [read(nil, 30...40), read(1, 50...60)])
        #expect(Freshness(shown).resurrected.map(\.value) == [1])
        let concurrent = RegisterHistory(writes: writes, reads: [read(nil, 30...55), read(1, 50...60)])
        #expect(Freshness(concurrent).resurrected.isEmpty)
    }

    @Test("a value written twice is stale only if both writes were overwritten")
    func repeated() {
        let writes = [write(1, 0...10), write(2, 20...30), write(1, 40...50)]
        #expect(Freshness(RegisterHistory(writes: writes, reads: [read(1, 60...70)])).stale.isEmpty)
        let later = writes + [write(3, 80...90)]
        #expect(Freshness(RegisterHistory(writes: later, reads: [read(1, 100...110)])).stale.map(\.age) == [10...30])
    }

    @Test("a write that was never acknowledged makes no read stale")
    func unacknowledged() {
        let history = RegisterHistory(
            writes: [write(1, 0...10), write(2, 20...Interval.never)], reads: [read(1, 50...60), read(2, 70...80)])
        #expect(Freshness(history).stale.isEmpty)
        #expect(Linearizability.check(history) == .linearizable)
    }

    @Test("a read of a value before any write of it was sent is a phantom")
    func phantom() {
        let history = RegisterHistory(
            writes: [write(1, 20...30)], reads: [read(7, 0...5), read(1, 6...9), read(8, 40...50)])
        let freshness = Freshness(history)
        #expect(freshness.phantoms.map(\.value) == [1, 8])
    }

    @Test("an absent value is fresh after a deletion and stale after the next write")
    func deletion() {
        let writes = [write(1, 0...10), write(nil, 20...30), write(2, 40...50)]
        #expect(Freshness(RegisterHistory(writes: writes, reads: [read(nil, 32...38)])).stale.isEmpty)
        #expect(Freshness(RegisterHistory(writes: writes, reads: [read(nil, 60...70)])).stale.count == 1)
        #expect(Freshness(RegisterHistory(writes: writes, reads: [read(1, 32...38)])).stale.count == 1)
    }

    @Test("a read that shows a user an older value than before goes back in time")
    func backwards() {
        let writes = [write(1, 0...10), write(2, 20...100)]
        let reads = [read(2, 30...40), read(1, 50...60)]
        #expect(Freshness(RegisterHistory(writes: writes, reads: reads)).backwards.count == 1)
        let others = [read(2, 30...40, user: 1), read(1, 50...60, user: 2)]
        #expect(Freshness(RegisterHistory(writes: writes, reads: others)).backwards.isEmpty)
        #expect(Linearizability.check(RegisterHistory(writes: writes, reads: others)) != .linearizable)
    }

    @Test("the zone check agrees with an exhaustive search on small histories")
    func zonesAreExact() {
        var random = SeededGenerator(seed: 9)
        var tally = (linearizable: 0, not: 0)
        for number in 0..<3000 {
            let writes = (1...UInt32(random.int(1...3))).map { value in
                let sent = random.int(0...10)
                return write(value, sent...sent + random.int(0...5))
            }
            let reads = (0..<random.int(0...3)).map { _ in
                let sent = random.int(0...12)
                let value = UInt32(random.int(0...3))
                return read(value == 0 ? nil : value, sent...sent + random.int(0...5))
            }
            let history = RegisterHistory(writes: writes, reads: reads)
            let written = Set(history.writes.map(\.value))
            guard history.reads.allSatisfy({ $0.value == nil || written.contains($0.value) }) else { continue }
            let expected = Self.isLinearizable(history)
            let found = Linearizability.check(history) == .linearizable
            #expect(found == expected, "history \(number): \(history)")
            if expected { tally.linearizable += 1 } else { tally.not += 1 }
            // A history with a stale, phantom or backwards read is never linearizable.
            let freshness = Freshness(history)
            let isFresh = freshness.stale.isEmpty && freshness.backwards.isEmpty && freshness.phantoms.isEmpty
            #expect(isFresh || !expected, "history \(number): \(history), \(freshness)")
        }
        #expect(tally.linearizable > 100 && tally.not > 100)
    }

    /// Tries every order that keeps an operation before those that began after it ended.
    private static func isLinearizable(_ history: RegisterHistory) -> Bool {
        let all = history.writes.map { ($0, true) } + history.reads.map { ($0, false) }
        var isPlaced = Array(repeating: false, count: all.count)
        func place(_ placed: Int, _ current: UInt32?) -> Bool {
            if placed == all.count { return true }
            for (index, (access, isWrite)) in all.enumerated() where !isPlaced[index] {
                let waits = all.indices.contains { other in
                    !isPlaced[other] && all[other].0.interval.received < access.interval.sent
                }
                if waits || (!isWrite && access.value != current) { continue }
                isPlaced[index] = true
                if place(placed + 1, isWrite ? access.value : current) { return true }
                isPlaced[index] = false
            }
            return false
        }
        return place(0, nil)
    }
}
