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
        owed.add(new, now: Self.start)
        owed.settle(old)
        #expect(owed.write(of: 1)?.number == 11)
        owed.settle(new)
        #expect(owed.isEmpty && owed.write(of: 1) == nil)
    }

    @Test("a deletion is dropped once the list has expired in Redis")
    mutating func expiring() {
        owed.add(old, now: Self.start)
        #expect(owed.current(now: Self.start + .seconds(79)).map(\.number) == [10])
        #expect(owed.current(now: Self.start + .seconds(80)).isEmpty)
        #expect(owed.isEmpty)
    }
}
