import Testing

@testable import Load

/// Which differences between the load made and the load requested make a run invalid.
@Suite struct LoadMadeTests {
    private static func second(_ number: Int = 0, offered: Int, begun: Int) -> SecondSummary {
        SecondSummary(second: number, offered: offered, begun: begun, classes: [])
    }

    @Test(
        "the arrivals begun in a second may be off by 1% or by three, whichever is more",
        arguments: [
            (10_000, 9900, true), (10_000, 9899, false), (10_000, 10_100, true), (10_000, 10_101, false),
            (100, 97, true), (100, 96, false), (100, 103, true), (100, 104, false), (0, 3, true),
            (0, 4, false),
            (300, 297, true), (300, 296, false), (400, 396, true), (400, 395, false),
        ])
    func tolerance(offered: Int, begun: Int, isMade: Bool) {
        #expect(Self.second(offered: offered, begun: begun).isLoadMade == isMade)
        var result = ThresholdTests.result
        result.seconds = [Self.second(offered: offered, begun: begun)]
        #expect(result.invalidities().isEmpty == isMade)
    }

    @Test("the first second that is off is named, counted from 1, with the number of seconds off")
    func text() {
        var result = ThresholdTests.result
        result.seconds = [
            Self.second(0, offered: 200, begun: 200), Self.second(1, offered: 200, begun: 150),
        ]
        let one = result.invalidities().map(\.description)
        #expect(
            one.count == 1
                && one[0].contains(
                    ": in second 2 it began 150 arrivals, but 200 were due; use a lower rate")
        )
        result.seconds.append(Self.second(2, offered: 200, begun: 250))
        let two = result.invalidities().map(\.description)
        #expect(two.count == 1 && two[0].contains("in second 2 it began 150"))
        #expect(two[0].contains("200 were due, and 2 seconds are off by more than 1%; use"))
    }

    @Test("a single arrival without a virtual user makes a run invalid")
    func users() {
        var result = ThresholdTests.result
        (result.arrivalsWithoutUser, result.virtualUsers) = (1, 5)
        #expect(result.invalidities() == [.outOfUsers(arrivals: 1, users: 5)])
    }

    @Test("a merged load is invalid only if one of its parts is")
    func parts() {
        var result = ThresholdTests.result
        result.seconds = [Self.second(offered: 200, begun: 100)]
        result.parts = [
            MergedPart(name: "a", fingerprint: "1", invalid: []),
            MergedPart(name: "b", fingerprint: "2", invalid: ["x"]),
        ]
        #expect(result.invalidities() == [.part(name: "b", reason: "x")])
        #expect(result.invalidities().map(\.description) == ["b is invalid: x"])
    }

    @Test("a thread is busy above nine tenths of a core")
    func busy() {
        var result = ThresholdTests.result
        result.generator.threads = [
            ThreadUsage(user: 1_000_000_000, system: 800_000_000),
            ThreadUsage(user: 1_000_000_000, system: 820_000_000),
            ThreadUsage(user: 1_000_000_000, system: 0, runDelay: 1_000_000_000),
            ThreadUsage(user: 2_000_000_000, system: 0, watched: 1_500_000_000),
        ]
        #expect(result.busyThreads.map(\.index) == [1, 2])
        #expect(result.busyThreads.map(\.share) == [0.91, 1])
        result.measured = 0
        #expect(result.busyThreads.isEmpty)
    }
}
