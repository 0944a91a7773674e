import Scenario
import Testing

@testable import Load

@Suite struct CensoredSamplesTests {
    private static func times(_ values: [Nanoseconds]) -> TimeHistogram {
        var times = TimeHistogram.times()
        for value in values { times.record(time: value) }
        return times
    }

    private static func figure(
        _ statistic: LoadMetric.Statistic, _ responses: [Nanoseconds], _ censored: [Nanoseconds], isClass: Bool = false
    ) -> BoundedFigure {
        CensoredSamples(responses: times(responses), censored: times(censored), areMembers: !isClass).figure(statistic)
    }

    private static let hundred = (1...100).map { Nanoseconds($0) }

    @Test("every figure is exact if all requests have a response")
    func exact() {
        #expect(Self.figure(.percentile(50), Self.hundred, []) == .exact(50))
        #expect(Self.figure(.max, Self.hundred, []) == .exact(100))
        #expect(Self.figure(.min, Self.hundred, []) == .exact(1))
        #expect(Self.figure(.mean, Self.hundred, []) == .exact(50.5))
        #expect(Self.figure(.percentile(99), Self.hundred, []) == .unavailable)
    }

    @Test("a figure that requests without a response could move has bounds")
    func bounds() {
        // Ten of 110 are longer than 1000: p50 is the 55th of all, p95 the 105th.
        #expect(Self.figure(.percentile(50), Self.hundred, Array(repeating: 1000, count: 10)) == .exact(55))
        #expect(Self.figure(.percentile(95), Self.hundred, Array(repeating: 1000, count: 10)) == .atLeast(1000))
        // Ten that failed immediately could have taken any time: p50 is the 45th to the 55th response.
        #expect(Self.figure(.percentile(50), Self.hundred, Array(repeating: 0, count: 10)) == .between(45, 55))
        #expect(Self.figure(.max, Self.hundred, [7]) == .atLeast(100))
        #expect(Self.figure(.max, Self.hundred, [700]) == .atLeast(700))
        #expect(Self.figure(.min, Self.hundred, [7]) == .exact(1))
        #expect(Self.figure(.min, Self.hundred, [0]) == .between(0, 1))
        #expect(Self.figure(.mean, [10, 10], [40]) == .atLeast(20))
        #expect(Self.figure(.percentile(50), [], [1, 2, 3, 4, 5, 6]) == .atLeast(3))
    }

    @Test("a class's bounds hold whether or not a request without a response belongs to it")
    func classes() {
        // The hundred at 1 ns may belong to the class and those at 1 s may not: then p50 is 1.
        let responses = Array(repeating: Nanoseconds(10), count: 100)
        let censored =
            Array(repeating: Nanoseconds(1), count: 100) + Array(repeating: Nanoseconds(1_000_000_000), count: 100)
        #expect(Self.figure(.percentile(50), responses, censored, isClass: true) == .atLeast(1))
        #expect(Self.figure(.percentile(50), responses, censored) == .atLeast(10))
        #expect(Self.figure(.max, responses, censored, isClass: true) == .atLeast(10))
        #expect(Self.figure(.mean, responses, censored, isClass: true) == .atLeast(5.5))
        #expect(Self.figure(.percentile(50), [], censored, isClass: true) == .unavailable)
    }

    @Test("requests without a response count towards the required samples of a step, but not of a class")
    func enough() {
        let censored = Array(repeating: Nanoseconds(50), count: 300)
        #expect(Self.figure(.percentile(99), Self.hundred, censored) == .atLeast(96))
        #expect(Self.figure(.percentile(99), Self.hundred, censored, isClass: true) == .unavailable)
    }
}
