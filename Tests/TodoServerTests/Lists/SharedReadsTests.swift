import Testing

@testable import TodoServer

@Suite struct SharedReadsTests {
    private let first = CacheLease(number: 1)
    private let second = CacheLease(number: 2)
    private var reads = SharedReads<String>()

    private mutating func arrive(
        _ waiter: String, seeing lease: CacheLease? = nil, again: Bool = false, user: User.ID = 1
    ) -> SharedReads<String>.Arrival {
        reads.arrive(waiter, for: user, seeing: lease, isSecondLook: again)
    }

    @Test("a reader that arrives before a read begins waits for it")
    mutating func whoComesBeforeTheReadBeginsMayWait() {
        #expect(arrive("a") == .lead(1))
        #expect(arrive("b") == .join)
        #expect(arrive("c", seeing: second) == .join)
        #expect(arrive("d", user: 2) == .lead(2))
        reads.begin(1, under: first)
        #expect(reads.end(1) == ["b", "c"])
        #expect(reads.end(2) == [])
        #expect(reads.count == 0)
    }

    @Test("a reader that found a read's lease waits for it")
    mutating func whoSawItsLeaseMayWait() {
        #expect(arrive("a") == .lead(1))
        reads.begin(1, under: first)
        #expect(arrive("b", seeing: first) == .join)
        #expect(reads.end(1) == ["b"])
    }

    /// A write removes the lease, so a reader after it finds no lease, or another one.
    @Test("a reader that may have arrived after a write does not wait for an earlier read")
    mutating func whoMayHaveComeAfterAWriteReadsAgain() {
        #expect(arrive("a") == .lead(1))
        reads.begin(1, under: first)
        #expect(arrive("b") == .lookAgain)
        #expect(arrive("b", again: true) == .lead(2))
        #expect(arrive("c", seeing: first) == .join, "the second read has not begun")
        reads.begin(2, under: second)
        #expect(arrive("d", seeing: first, again: true) == .lead(3))
        #expect(reads.end(1) == [])
        #expect(reads.end(2) == ["c"])
        #expect(reads.end(3) == [])
    }

    /// Without a lease, it is unknown whether a write came between.
    @Test("no reader waits for a read without a lease")
    mutating func nobodyWaitsForAReadWithoutALease() {
        #expect(arrive("a") == .lead(1))
        reads.begin(1, under: nil)
        #expect(arrive("b") == .lead(2))
    }
}
