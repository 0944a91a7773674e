import NIOCore
import Testing

@testable import TodoServer

@Suite struct CacheTableTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let old = ByteBuffer(string: "[1]")
    private let new = ByteBuffer(string: "[1,2]")
    private let first = CacheLease(number: 1)
    private let second = CacheLease(number: 2)
    private var table = CacheTable(lifetime: .seconds(60))

    @Test("a list is a miss until it is stored")
    mutating func missesThenHits() {
        #expect(table.lookup(1, now: Self.start) == .miss(nil))
        table.lease(1, first, now: Self.start)
        #expect(table.lookup(1, now: Self.start) == .miss(first))
        #expect(table.fill(1, with: old, under: first, now: Self.start) == true)
        #expect(table.lookup(1, now: Self.start + .milliseconds(1500)) == .hit(old, secondsLeft: 59))
        #expect(table.lookup(2, now: Self.start) == .miss(nil))
    }

    @Test("a list expires after its lifetime")
    mutating func expires() {
        table.lease(1, first, now: Self.start)
        _ = table.fill(1, with: old, under: first, now: Self.start)
        #expect(table.lookup(1, now: Self.start + .milliseconds(59_999)) == .hit(old, secondsLeft: 1))
        #expect(table.lookup(1, now: Self.start + .seconds(60)) == .miss(nil))
    }

    /// A slow reader reads before the write and fills after it.
    @Test("a fill is rejected if a write came after its lease")
    mutating func aWriteBetweenLeaseAndFillWins() {
        table.lease(1, first, now: Self.start)
        table.invalidate(1, now: Self.start)
        #expect(table.fill(1, with: old, under: first, now: Self.start) == false)
        #expect(table.lookup(1, now: Self.start) == .miss(nil))
    }

    /// The lease of the other reader is from after the write.
    @Test("a fill is rejected if another reader holds the lease")
    mutating func anotherReadersLeaseIsNotOurs() {
        table.lease(1, first, now: Self.start)
        table.invalidate(1, now: Self.start)
        table.lease(1, second, now: Self.start)
        #expect(table.fill(1, with: old, under: first, now: Self.start) == false)
        #expect(table.fill(1, with: new, under: second, now: Self.start) == true)
        #expect(table.fill(1, with: old, under: first, now: Self.start) == false)
        #expect(table.lookup(1, now: Self.start) == .hit(new, secondsLeft: 60))
    }

    @Test("a lease allows one fill")
    mutating func aLeaseFillsOnce() {
        table.lease(1, first, now: Self.start)
        #expect(table.fill(1, with: new, under: first, now: Self.start) == true)
        #expect(table.fill(1, with: old, under: first, now: Self.start) == false)
    }

    @Test("a write removes the list")
    mutating func aWriteForgetsTheList() {
        table.lease(1, first, now: Self.start)
        _ = table.fill(1, with: old, under: first, now: Self.start)
        table.invalidate(1, now: Self.start)
        #expect(table.lookup(1, now: Self.start) == .miss(nil))
    }

    @Test("a write that may yet be committed blocks fills, and other writes do not unblock them")
    mutating func blocks() {
        table.lease(1, first, now: Self.start)
        table.block(1, until: Self.start + .seconds(15))
        #expect(table.fill(1, with: old, under: first, now: Self.start) == false)
        table.invalidate(1, now: Self.start + .seconds(1))
        #expect(table.lease(1, second, now: Self.start + .seconds(14)) == false)
        #expect(table.lookup(1, now: Self.start + .seconds(14)) == .miss(nil))
        #expect(table.lease(1, second, now: Self.start + .seconds(15)) == true)
        #expect(table.fill(1, with: new, under: second, now: Self.start + .seconds(15)) == true)
    }

    @Test("no interleaving of a reader and a write serves an old list")
    func noInterleavingServesAnOldList() {
        // The steps of the reader and of the write. "read" takes what is committed at that moment.
        for order in Self.interleavings(["lease", "read", "fill"], ["commit", "invalidate"]) {
            var table = CacheTable(lifetime: .seconds(60))
            var committed = old
            var taken = old
            for step in order {
                switch step {
                case "lease": table.lease(1, first, now: Self.start)
                case "read": taken = committed
                case "fill": _ = table.fill(1, with: taken, under: first, now: Self.start)
                case "commit": committed = new
                default: table.invalidate(1, now: Self.start)
                }
            }
            let found = table.lookup(1, now: Self.start)
            #expect(found == .miss(nil) || found == .hit(new, secondsLeft: 60), "\(order)")
        }
    }

    private static func interleavings(_ left: [String], _ right: [String]) -> [[String]] {
        guard let a = left.first else { return [right] }
        guard let b = right.first else { return [left] }
        return interleavings(Array(left.dropFirst()), right).map { [a] + $0 }
            + interleavings(left, Array(right.dropFirst())).map { [b] + $0 }
    }

    @Test("the cache is bounded in bytes")
    func isBounded() {
        var table = CacheTable(lifetime: .seconds(60), capacity: 100_000)
        let list = ByteBuffer(repeating: 0x20, count: 1000)
        for user in 0..<1000 as Range<Int64> {
            table.lease(user, first, now: Self.start)
            _ = table.fill(user, with: list, under: first, now: Self.start)
        }
        let kept = (0..<1000 as Range<Int64>).filter { table.lookup($0, now: Self.start) != .miss(nil) }
        #expect(kept.count <= 100)
        #expect(kept.contains(999))
        table.lease(1, first, now: Self.start)
        #expect(table.fill(1, with: ByteBuffer(repeating: 0x20, count: 60_000), under: first, now: Self.start) == true)
        #expect(table.lookup(1, now: Self.start) == .miss(nil), "a list over half the capacity is not stored")
    }
}
