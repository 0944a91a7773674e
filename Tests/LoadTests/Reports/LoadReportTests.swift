import Foundation
import Histogram
import Scenario
import Testing

@testable import Load
@testable import Report

@Suite struct LoadReportTests {
    static let result: LoadResult = {
        func group(_ count: Int, _ time: Nanoseconds) -> ResponseGroup {
            var times = TimeHistogram.times()
            for _ in 0..<count { times.record(time: time) }
            return ResponseGroup(
                count: count, rate: Double(count) / 2, bytes: count * 600,
                times: Timing(response: times, service: times))
        }
        let step = LoadStepResult(
            id: "read", all: group(4000, 250_000), classes: [group(3999, 250_000), group(0, 0)],
            statuses: [200: 3999, 429: 1], failedResponses: 1,
            failures: [
                AssertionFailure(
                    assertion: "status 200", place: "a.json:3:4", count: 1,
                    example: "status: expected 200 (number), got 429 (number)")
            ],
            errors: [.timeout: Tally(count: 2, example: "no complete response within 1.0 s")],
            unfinished: [.inFlight: 3])
        return LoadResult(
            name: "reads", target: "127.0.0.1:80", model: ModelSummary(.closed), startedAt: 1_700_000_000,
            virtualUsers: 32, warmUp: 1_000_000_000,
            duration: 2_000_000_000, measured: 2_000_000_000, wasInterrupted: false, classes: ["hit", "limited"],
            steps: [step], reconnects: [ReconnectCount(failure: .timeout, count: 2)],
            seconds: [
                SecondSummary(
                    second: 0, responses: 2000, errors: 1, classes: [1999, 0], statuses: [200: 1999, 429: 1],
                    p50: 250_000)
            ],
            generator: GeneratorUsage(threads: [
                ThreadUsage(user: 4_000_000, system: 36_000_000, wakeUpBatching: 500_000_000)
            ]))
    }()

    private static func text(_ result: LoadResult, _ thresholds: [EvaluatedThreshold] = []) -> String {
        (try? LoadReport.text.render(EvaluatedLoad(result, thresholds: thresholds))) ?? ""
    }

    @Test("a threshold shows what it wants, with the unit of a time")
    func thresholds() throws {
        func line(_ metric: String, _ matcher: String) throws -> String {
            let text = Self.text(ThresholdTests.result, [try ThresholdTests.outcome(metric, matcher)])
            return text.split(separator: "\n").first { $0.contains("want") }.map(String.init) ?? text
        }
        #expect(try line("read.p99", #"{ "lt": "0.3ms" }"#) == "✓ read.p99  want < 300µs  got 250µs")
        #expect(try line("count", #"{ "gte": 1000 }"#) == "✓ count  want ≥ 1,000  got 4,100")
        #expect(try line("errorShare", #"{ "lt": 0.0001 }"#).hasPrefix("✗ errorShare  want < 0.0001  got "))
        var secret = try ThresholdTests.outcome("count", #"{ "gte": 1 }"#)
        secret.value = nil
        #expect(Self.text(ThresholdTests.result, [secret]).contains("✓ count  want ≥ ***  got 4,100"))
        secret.verdict = .undecided(.unreadable)
        #expect(Self.text(ThresholdTests.result, [secret]).contains("? count  want ≥ an unknown value"))
    }

    @Test("the text says whether assertions hold, are never evaluated, or do not exist")
    func assertions() {
        func line(_ assertions: Int, responses: Int) -> String? {
            var result = Self.result
            result.steps[0].failures = []
            result.steps[0].failedResponses = 0
            result.steps[0].assertions = assertions
            result.steps[0].all.count = responses
            let lines = Self.text(result).split(separator: "\n")
            return lines.first { $0.hasPrefix("assertions") }.map(String.init)
        }
        #expect(line(1, responses: 4000) == "assertions   passed for every response")
        #expect(line(1, responses: 0) == "assertions   never evaluated")
        #expect(line(0, responses: 4000) == "assertions   none")
    }

    @Test("the text report shows every figure of the result")
    func text() {
        #expect(
            Self.text(Self.result) == """
                reads  127.0.0.1:80 · 32 virtual users, closed model · 2.00s · 1.00s warm-up excluded

                response time  count     rate   share    p50    p75    p90    p95    p99  p99.9    max
                read           4,000  2,000/s  100.0%  250µs  250µs  250µs  250µs  250µs  250µs  250µs
                  hit          3,999  2,000/s  >99.9%  250µs  250µs  250µs  250µs  250µs  250µs  250µs

                responses    4,000 (2,000/s), 2.3 MiB
                cache hits   >99.9%
                429          <0.1%
                status       200 × 3,999, 429 × 1
                assertions   failed for 1 response (<0.1%)
                errors       2 timeout (no complete response within 1.0 s)
                reconnects   2 timeout
                unfinished   3: 3 in flight
                generator    1 thread at 2% of a core, 10.0 µs of CPU per response, wake-up batching 25% of the time

                ✗ read: status 200  a.json:3:4
                  failed 1 of 4,000 times; first: status: expected 200 (number), got 429 (number)

                """)
    }

    @Test("the JSON report has the same figures and omits unavailable ones")
    func json() throws {
        let text = try LoadReport.json.render(EvaluatedLoad(Self.result))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["verdict"] as? String == "failed")
        #expect(object["responses"] as? Int == 4000)
        #expect(object["hitShare"] as? Double == 0.99975)
        #expect(object["limitedShare"] as? Double == 0.00025)
        #expect(object["startedAt"] as? String == "2023-11-14T22:13:20.000Z")
        let step = try #require((object["steps"] as? [[String: Any]])?.first)
        let all = try #require(step["all"] as? [String: Any])
        let times = try #require(all["serviceTime"] as? [String: Any])
        let percentiles = try #require(times["percentilesMs"] as? [String: Double])
        #expect(Set(percentiles.keys) == ["p50", "p75", "p90", "p95", "p99", "p99.9"])
        #expect(percentiles["p99"] == 0.25 && object["warmUpMs"] as? Double == 1000)
        #expect((step["errors"] as? [String: Any])?.keys.sorted() == ["timeout"])
        let second = try #require((object["seconds"] as? [[String: Any]])?.first)
        #expect(second["p50Ms"] as? Double == 0.25 && second["p99Ms"] == nil)
    }

    @Test("the CSV report has a row for each step and class")
    func csv() throws {
        let rows = try LoadReport.csv.render(EvaluatedLoad(Self.result)).split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(rows.count == 4 && rows.allSatisfy { $0.count == rows[0].count })
        #expect(rows[1][0..<9] == ["reads", "read", "", "4000", "2000.000", "1.000000", "2400000", "2", "1"])
        #expect(rows[2][2] == "hit" && rows[3][2] == "limited" && rows[3][3] == "0")
        #expect(rows[0].firstIndex(of: "response_p99_ms").map { rows[1][$0] } == "0.250000")
        #expect(rows[0].firstIndex(of: "response_p99.99_ms").map { rows[1][$0] } == "")
    }

    @Test("the text report shows the open model's arrivals, bounds, lag and an invalid measurement")
    func open() {
        var result = Self.result
        var profile = RateProfile(rate: 100)
        profile.append(to: 2000, over: 1)
        result.model = ModelSummary(.open(LoadModel.Arrivals(profile: profile)))
        (result.offered, result.offeredRate) = (4100, 2050)
        (result.arrivalsWithoutUser, result.bunchedArrivals) = (97, 41)
        result.steps[0].unfinished[.waitingForUser] = 95
        for _ in 0..<95 {
            result.steps[0].censored.record(Elapsed(sinceIntended: 2_100_000_000))
        }
        for _ in 0..<400 { result.lag.generator.record(time: 2_000_000) }
        // The generator accounts for half of every response time.
        var adjusted = TimeHistogram.times()
        for _ in 0..<4000 { adjusted.record(time: 125_000) }
        result.steps[0].all.times.adjustedResponse = adjusted
        let text = Self.text(result)
        #expect(text.contains("32 virtual users, open model at 100/s → 2,000/s"))
        #expect(text.contains("\nservice time "))
        #expect(
            text.contains(
                "offered      4,100 arrivals (2,050/s), 1.0% bunched by the generator, 97 found no free virtual user\n")
        )
        #expect(text.contains("  250µs*  250µs*  250µs*  250µs*  ≥ 2.10s  ≥ 2.10s  ≥ 2.10s\n"), "\(text)")
        #expect(text.contains("\n≥ lower bound: failed and unfinished requests could raise it\n"))
        #expect(
            text.contains(
                "\n* the generator's lag may account for: read p50 up to 125µs, p75 up to 125µs, p90 up to 125µs, p95 up to 125µs\n"
            ))
        #expect(text.contains("unfinished   98: 3 in flight, 95 waiting for a virtual user"))
        #expect(text.contains("lag          generator p50 2.00ms, p99 2.00ms"))
        #expect(
            text.contains("✗ the measurement is invalid: out of virtual users: 97 arrivals found none of the 32 free"))
    }

    @Test("progress is shown as a live line and as a log line")
    func progress() {
        let line = LoadProgressLine(style: .plain, classes: ["hit", "limited"], duration: .seconds(4))
        let second = Self.result.seconds[0]
        #expect(line.plain(second) == "1s  2,000/s  p50 250µs  p99 n/a  hit >99.9%  429 0.1%  errors 1")
        #expect(
            line.live(progress: 0.5, latest: second, errors: 3)
                == "██████████░░░░░░░░░░ 2.0/4.00s  2,000/s  p50 250µs  p99 n/a  hit >99.9%  429 0.1%  errors 3")
    }

    @Test("numbers are formatted for people")
    func numbers() {
        #expect(NumberText.count(0) == "0" && NumberText.count(-1_234_567) == "-1,234,567")
        #expect(NumberText.share(0, of: 10) == "0.0%" && NumberText.share(10, of: 10) == "100.0%")
        #expect(NumberText.share(99_999, of: 100_000) == ">99.9%" && NumberText.share(1, of: 100_000) == "<0.1%")
        #expect(NumberText.share(0, of: 0) == "n/a")
        #expect(NumberText.bytes(1023) == "1023 B" && NumberText.bytes(1 << 20) == "1.0 MiB")
        #expect(NumberText.rate(3.25) == "3.2/s" || NumberText.rate(3.25) == "3.3/s")
    }
}
