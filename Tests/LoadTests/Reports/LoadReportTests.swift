import Foundation
import Histogram
import Scenario
import Testing

@testable import Load
@testable import Report

@Suite("Load reports")
struct LoadReportTests {
    static let result: LoadResult = {
        func group(_ count: Int, _ time: Nanoseconds) -> ResponseGroup {
            var times = TimeHistogram.times()
            for _ in 0..<count { times.record(time: time) }
            return ResponseGroup(count: count, bytes: count * 600, serviceTime: times)
        }
        let step = StepResult(
            id: "read", all: group(4000, 250_000), classes: [group(3999, 250_000), group(0, 0)],
            statuses: [200: 3999, 429: 1], failedResponses: 1,
            failures: [
                AssertionFailure(
                    assertion: "status 200", place: "a.json:3:4", count: 1,
                    example: "status: expected 200 (number), got 429 (number)")
            ],
            errors: [.timeout: Tally(count: 2, example: "no whole answer within 1.0 s")])
        return LoadResult(
            name: "reads", target: "127.0.0.1:80", startedAt: 1_700_000_000, virtualUsers: 32, warmUp: 1_000_000_000,
            duration: 2_000_000_000, measured: 2_000_000_000, wasInterrupted: false, classes: ["hit", "limited"],
            steps: [step], censored: 3, reopened: [ReopeningCount(failure: .timeout, count: 2)],
            seconds: [
                SecondSummary(
                    second: 0, responses: 2000, errors: 1, classes: [1999, 0], statuses: [200: 1999, 429: 1],
                    p50: 250_000)
            ],
            generator: GeneratorUsage(threads: [ThreadUsage(user: 4_000_000, system: 36_000_000)]))
    }()

    @Test("the text tells all of it")
    func text() {
        let text = LoadTextReport(style: .plain).text(of: Self.result)
        #expect(
            text == """
                reads  127.0.0.1:80 · 32 virtual users, closed model · 2.00s · after 1.00s of warm-up, left out

                service time  count     rate   share    p50    p75    p90    p95    p99  p99.9    max
                read          4,000  2,000/s  100.0%  250µs  250µs  250µs  250µs  250µs  250µs  250µs
                  hit         3,999  2,000/s  >99.9%  250µs  250µs  250µs  250µs  250µs  250µs  250µs

                responses    4,000 (2,000/s), 2.3 MiB
                cache hits   >99.9%
                429          <0.1%
                status       200 × 3,999, 429 × 1
                assertions   fail for 1 responses (<0.1%)
                errors       2 timeout (no whole answer within 1.0 s)
                reconnects   2 timeout
                in flight    3 at the end, in none of the counts
                generator    1 thread at 2% of a core, 10.0 µs of CPU a response

                ✗ read: status 200  a.json:3:4
                  fails 1 times of 4,000; first: status: expected 200 (number), got 429 (number)
                """)
    }

    @Test("the JSON says the same, and n/a is absent")
    func json() throws {
        let data = try LoadJSONReport(Self.result).encoded()
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["responses"] as? Int == 4000)
        #expect(object["hitShare"] as? Double == 0.99975)
        #expect(object["limitedShare"] as? Double == 0.00025)
        #expect(object["startedAt"] as? String == "2023-11-14T22:13:20Z")
        let step = try #require((object["steps"] as? [[String: Any]])?.first)
        let all = try #require(step["all"] as? [String: Any])
        let times = try #require(all["serviceTime"] as? [String: Any])
        let percentiles = try #require(times["percentiles"] as? [String: Int])
        #expect(Set(percentiles.keys) == ["50.0", "75.0", "90.0", "95.0", "99.0", "99.9"])
        #expect((step["errors"] as? [String: Any])?.keys.sorted() == ["timeout"])
        let second = try #require((object["seconds"] as? [[String: Any]])?.first)
        #expect(second["p99"] == nil)
    }

    @Test("the line that is redrawn, and the one for a log")
    func progress() {
        let line = LoadProgressLine(style: .plain, classes: ["hit", "limited"], duration: .seconds(4))
        let second = Self.result.seconds[0]
        #expect(line.plain(second) == "1s  2,000/s  p50 250µs  p99 n/a  hit >99.9%  429 0.1%  errors 1")
        #expect(
            line.live(progress: 0.5, latest: second, errors: 3)
                == "██████████░░░░░░░░░░ 2.0/4.00s  2,000/s  p50 250µs  p99 n/a  hit >99.9%  429 0.1%  errors 3")
    }

    @Test("numbers as people read them")
    func numbers() {
        #expect(NumberText.count(0) == "0" && NumberText.count(-1_234_567) == "-1,234,567")
        #expect(NumberText.share(0, of: 10) == "0.0%" && NumberText.share(10, of: 10) == "100.0%")
        #expect(NumberText.share(99_999, of: 100_000) == ">99.9%" && NumberText.share(1, of: 100_000) == "<0.1%")
        #expect(NumberText.share(0, of: 0) == "n/a")
        #expect(NumberText.bytes(1023) == "1023 B" && NumberText.bytes(1 << 20) == "1.0 MiB")
        #expect(NumberText.rate(3.25) == "3.2/s" || NumberText.rate(3.25) == "3.3/s")
    }
}
