import NIOCore
import Testing
import TestSupport

@testable import TodoServer

/// Tables with more clients than they have room for.
@Suite struct FullTableTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private static let window: Int64 = 10_000

    private static func at(_ milliseconds: Int64) -> NIODeadline { start + .milliseconds(milliseconds) }

    private static func address(_ number: Int) -> String { "10.0.\(number).1" }

    @Test("a full table keeps a client that has used up its limit", arguments: RateLimitPolicy.Kind.allCases)
    func aVictimIsNotForgotten(_ kind: RateLimitPolicy.Kind) {
        var table = Self.table(kind, capacity: 100)
        for _ in 0..<5 { #expect(table.admit("192.0.2.1", now: Self.at(0)).isAdmitted) }
        for number in 0..<10_000 { _ = table.admit("10.\(number / 256).\(number % 256).1", now: Self.at(1)) }
        #expect(!table.admit("192.0.2.1", now: Self.at(2)).isAdmitted)
    }

    /// Many more clients than there is room for come and go. Each client's admissions are then replayed through a table
    /// with room for all, which must admit them too.
    @Test("no client gets more than its limit", arguments: RateLimitPolicy.Kind.allCases, 0..<20)
    func noClientGetsMore(_ kind: RateLimitPolicy.Kind, _ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var table = Self.table(kind, capacity: seed % 7, counters: 1 + seed % 5)
        let clients = Int.random(in: 2...40, using: &generator)
        let pause = Int64.random(in: 1...800, using: &generator)
        var admitted: [String: [NIODeadline]] = [:]
        var now: Int64 = 0
        for _ in 0..<5000 {
            now += Int64.random(in: 0...pause, using: &generator)
            // Pause now and then, so that clients return to windows of their own.
            if Int.random(in: 0..<400, using: &generator) == 0 {
                now += Int64.random(in: 0...25_000, using: &generator)
            }
            let client = Self.address(Int.random(in: 0..<clients, using: &generator))
            if table.admit(client, now: Self.at(now)).isAdmitted { admitted[client, default: []].append(Self.at(now)) }
        }
        #expect(!admitted.isEmpty)
        for times in admitted.values {
            var reference = Self.table(kind, capacity: .max)
            #expect(times.allSatisfy { reference.admit("a", now: $0).isAdmitted })
        }
    }

    @Test("the table stays within its capacity")
    func isBounded() {
        var fixed = FixedWindows(policy: RateLimitPolicy(limit: 5, windowSeconds: 10), capacity: 50)
        var sliding = SlidingWindows(
            policy: RateLimitPolicy(limit: 5, windowSeconds: 10, kind: .slidingWindow), capacity: 50)
        for number in 0..<2000 {
            _ = fixed.admit(Self.address(number), now: Self.at(Int64(number)))
            _ = sliding.admit(Self.address(number), now: Self.at(Int64(number)))
            #expect(fixed.count <= 50 && sliding.count <= 50)
        }
    }

    @Test("a client has its whole limit again after the other clients leave", arguments: RateLimitPolicy.Kind.allCases)
    func recovers(_ kind: RateLimitPolicy.Kind) {
        var table = Self.table(kind, capacity: 10, counters: 1)
        for number in 0..<100 { _ = table.admit(Self.address(number), now: Self.at(0)) }
        #expect(!table.admit("192.0.2.1", now: Self.at(1)).isAdmitted)
        let admissions = (0..<6).map { _ in table.admit("192.0.2.1", now: Self.at(2 * Self.window)).isAdmitted }
        #expect(admissions == [true, true, true, true, true, false])
    }

    @Test(
        "a client without room is admitted at its reset time and not before", arguments: RateLimitPolicy.Kind.allCases)
    func resets(_ kind: RateLimitPolicy.Kind) {
        var table = Self.table(kind, capacity: 0, counters: 1)
        for _ in 0..<5 { #expect(table.admit("a", now: Self.at(1000)).isAdmitted) }
        let denial = table.admit("a", now: Self.at(4000))
        #expect(!denial.isAdmitted && denial.remaining == 0)
        #expect(!table.admit("a", now: Self.at(4000 + denial.resetMilliseconds - 1)).isAdmitted)
        #expect(table.admit("a", now: Self.at(4000 + denial.resetMilliseconds)).isAdmitted)
    }

    @Test(
        "an address is shortened to its network",
        arguments: [
            ("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::/64", "2001:db8:1::/48"),
            ("192.0.2.77,user:5", "192.0.2.0/24,user:5"), ("2001:db8:1:2::/64,user:5", "2001:db8:1::/48,user:5"),
            ("user:5", "user:5"), ("local", "local"), ("local,user:5", "local,user:5"),
        ])
    func coarseKeys(_ key: String, _ coarse: String) {
        #expect(RateLimitKey.coarse(key) == coarse)
    }

    private static func table(
        _ kind: RateLimitPolicy.Kind, capacity: Int, counters: Int = 16_384
    ) -> any RateLimitTable {
        let policy = RateLimitPolicy(limit: 5, windowSeconds: Int(window / 1000), kind: kind)
        return switch kind {
        case .fixedWindow: FixedWindows(policy: policy, capacity: capacity, counters: counters)
        case .slidingWindow: SlidingWindows(policy: policy, capacity: capacity, counters: counters)
        }
    }
}
