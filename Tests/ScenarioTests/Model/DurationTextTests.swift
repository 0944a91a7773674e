import Testing

@testable import Scenario

struct DurationTextTests {
    @Test(
        "durations are parsed",
        arguments: [
            ("250ms", .milliseconds(250)), ("1.5s", .milliseconds(1500)), ("1m30s", .seconds(90)),
            ("2h", .seconds(7200)),
            ("5us", .microseconds(5)), ("5µs", .microseconds(5)), ("0s", .zero), ("", nil), ("10", nil), ("s", nil),
            ("-1s", nil), ("10 s", nil), ("1.s", nil), (".5s", nil), ("1e3s", nil), ("99999999999999h", nil),
            ("1d", nil),
        ] as [(String, Duration?)])
    func parsing(_ text: String, _ expected: Duration?) {
        #expect(Duration(parsing: text) == expected)
    }

    @Test(
        "milliseconds are formatted exactly with a unit",
        arguments: [
            (100, "100ms"), (301.112, "301.112ms"), (5.5, "5.5ms"), (0.25, "250µs"), (0.0005, "500ns"), (0, "0ms"),
            (1500, "1.5s"), (90_000, "90s"), (999.9999, "1000ms"), (1234.567_8, "1.234568s"), (-5, "-5ms"),
            (0.000_1, "100ns"), (1e-7, "0ms"), (.infinity, nil), (.nan, nil),
        ] as [(Double, String?)])
    func milliseconds(_ milliseconds: Double, _ expected: String?) {
        #expect(Duration.text(milliseconds: milliseconds) == expected)
    }

    @Test(
        "durations are formatted with three digits",
        arguments: [
            (.zero, "0s"), (.nanoseconds(999), "999ns"), (.nanoseconds(1500), "1.50µs"), (.microseconds(99), "99.0µs"),
            (.microseconds(350), "350µs"), (.microseconds(2140), "2.14ms"), (.milliseconds(1050), "1.05s"),
            (.nanoseconds(999_600), "1.00ms"), (.seconds(130), "2m10s"), (.seconds(3725), "1h2m5s"),
        ] as [(Duration, String)])
    func shortText(_ duration: Duration, _ expected: String) {
        #expect(duration.shortText == expected)
    }

    @Test("nanoseconds saturate at the limits of Int64")
    func limits() {
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.seconds(Int64.min).nanoseconds == .min)
        #expect(Duration.nanoseconds(Int64.max).nanoseconds == .max)
        #expect(Duration.nanoseconds(Int64.min).nanoseconds == .min)
        #expect((Duration.nanoseconds(Int64.max) + .nanoseconds(1)).nanoseconds == .max)
    }
}
