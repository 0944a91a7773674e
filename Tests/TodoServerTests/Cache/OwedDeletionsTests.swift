import NIOCore
import Testing

@testable import TodoServer

@Suite struct OwedDeletionsTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let old = CacheWrite(user: 1, number: 10, tombstone: .unconfirmed)
    private let new = CacheWrite(user: 1, number: 11, tombstone: .unconfirmed)
    private var owed = OwedDeletions(lifetime: .seconds(80))

    @Test("confirming a deletion leaves that of a newer write")
    mutating func settling() {
        owed.add(old, now: Self.start)
        let first = owed.writes(of: 1)
        owed.add(new, now: Self.start)
        owed.settle(first, of: 1)
        #expect(owed.writes(of: 1).map(\.number) == [11])
        owed.settle(owed.writes(of: 1), of: 1)
        #expect(owed.isEmpty && owed.writes(of: 1).isEmpty)
    }

    @Test("a newer write does not replace one whose tombstone may be in Redis")
    mutating func keeping() {
        let confirmed = CacheWrite(
            user: 1, number: 9, tombstone: .confirmed(by: RedisIdentity(text: "a"), until: Self.start))
        for write in [confirmed, old, new] { owed.add(write, now: Self.start) }
        #expect(owed.writes(of: 1).map(\.number) == [9, 10, 11])
    }

    @Test("writes without a tombstone owe one deletion for all of them")
    mutating func replacing() {
        owed.add(old, now: Self.start)
        for number in 20..<30 {
            owed.add(CacheWrite(user: 1, number: UInt64(number), tombstone: .absent), now: Self.start)
        }
        #expect(owed.writes(of: 1).map(\.number) == [10, 29])
        owed.add(new, now: Self.start)
        #expect(owed.writes(of: 1).map(\.number) == [10, 11])
    }

    @Test("the tombstones of one user are bounded, and the newest are kept")
    mutating func bounded() {
        for number in 0..<100 {
            owed.add(CacheWrite(user: 1, number: UInt64(number), tombstone: .unconfirmed), now: Self.start)
        }
        #expect(owed.writes(of: 1).map(\.number) == Array(36..<100))
    }

    @Test("a deletion is dropped once the list has expired in Redis")
    mutating func expiring() {
        owed.add(old, now: Self.start)
        #expect(owed.users(now: Self.start + .seconds(79)) == [1])
        #expect(owed.users(now: Self.start + .seconds(80)).isEmpty)
        #expect(owed.isEmpty)
    }
}
