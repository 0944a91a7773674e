import Foundation
import Scenario

@testable import Audit
@testable import ScenarioRunner

/// A run in which everything happens once: passes, failures, errors, skips, a burst, binary data, and texts that try to
/// break out of a report.
enum SampleRun {
    static let start = ContinuousClock.now
    /// Characters that are special in some format. An Arabic number sign and a less-than sign form one `Character`,
    /// which does not equal the less-than sign.
    static let hostile =
        "<script>alert('1')</script> & ]]> \"q\" \u{1}\u{8}\u{1B}[31m \u{7F}\u{85}\u{FFFE} # \\ {{x}} \u{600}<img src=x> \"\u{301} onclick=x 👩‍👩‍👧 \u{202E}abc"

    static var result: RunResult {
        RunResult(
            scenarios: [well, hostileScenario, unreachable, unstarted], base: "http://127.0.0.1:8080",
            start: Date(timeIntervalSince1970: 1_772_366_400), duration: .milliseconds(12_345))
    }

    private static func at(_ milliseconds: Double) -> ContinuousClock.Instant {
        start + .microseconds(Int(milliseconds * 1_000))
    }

    // MARK: Scenarios

    private static var well: ScenarioResult {
        let file = SourceFile(
            path: "Scenarios/core/burst.json",
            bytes: Array(
                "{\n  \"setup\": [\n    { \"id\": \"login\" }\n  ],\n  \"steps\": [\n    { \"id\": \"burst\" },\n    { \"id\": \"image\" }\n  ]\n}\n"
                    .utf8))
        var login = step("login", in: file, outcome: .passed, at: 0, lasting: 20)
        login.phase = .setup
        login.assertions.passed = 2
        login.captures = [("token", "***"), ("kind", "bearer")]
        login.exchanges = [
            exchange(
                Request(
                    method: "POST", target: "/login",
                    headers: [Header("Content-Type", "application/x-www-form-urlencoded")],
                    body: Array("username=admin&password=***".utf8)),
                Response(
                    status: 200, headers: [Header("Content-Type", "application/json")],
                    body: Array(#"{"access_token":"***","token_type":"bearer"}"#.utf8),
                    times: times(nameLookup: 1, connect: 3, tls: 9, firstByte: 18, total: 20)),
                at: 0, lasting: 20)
        ]
        var burst = step("burst", in: file, outcome: .passed, at: 20, lasting: 40)
        burst.requests = 200
        burst.assertions.passed = 1
        burst.burst = BurstMeasure(count: 200, concurrency: 200, peakInFlight: 200, spread: .microseconds(1_250))
        burst.exchanges = [
            exchange(
                Request(target: "/todos"), Response(status: 200, times: times(firstByte: 30, total: 31)), at: 25,
                lasting: 31),
            exchange(
                Request(target: "/todos"), Response(status: 429, times: times(firstByte: 33, total: 34)), at: 26,
                lasting: 34),
        ]
        var image = step("image", in: file, outcome: .passed, at: 60, lasting: 5)
        image.phase = .teardown
        image.exchanges = [
            exchange(
                Request(target: "/image"),
                Response(
                    status: 200, httpVersion: "2", headers: [Header("content-type", "image/png")],
                    body: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0xFF],
                    times: times(firstByte: 4, total: 5)),
                at: 60, lasting: 5)
        ]
        var result = scenario("five means five", in: file, at: 0, lasting: 65, steps: [login, burst, image])
        result.audits = [
            ScenarioAudit(
                AuditFinding(
                    audit: "sliding-window:5/10s admissions", verdict: .consistent,
                    sentence: "The 5 admissions of 1 key can be explained by 5 in any 10s.",
                    resolution: "Requests took 31 ms in the median.", examined: 5),
                range: 2..<12)
        ]
        return result
    }

    private static var hostileScenario: ScenarioResult {
        let long = String(repeating: "long ", count: 400)
        let file = SourceFile(
            path: "Scenarios/\(hostile.prefix { $0 != "/" }).json",
            bytes: Array("{\n\t\"name\": \"\(hostile)\",\n  \"x\": \"\(long)\", \"status\": 200\n}".utf8))
        let sent = exchange(
            Request(
                method: "PUT", target: "/\(hostile)", headers: [Header("X-\(hostile)", hostile)],
                body: Array(hostile.utf8)),
            Response(
                status: 500, headers: [Header("X-\(hostile)", hostile)], body: Array("\(hostile)\r\n\(hostile)".utf8),
                times: times(firstByte: 2, total: 3)),
            at: 101, lasting: 3)
        var failing = step(hostile, in: file, outcome: .failed, at: 100, lasting: 5)
        failing.assertions.failed = 2
        failing.exchanges = [sent]
        failing.captures = [(hostile, hostile)]
        let place = file.bytes.count - 5
        failing.failures = [
            Failure(
                diagnostic: Diagnostic(
                    .assertion, "status is not as expected in step \"\(hostile)\"", in: file, at: place..<place + 3,
                    label: hostile,
                    notes: [.init("expected", "200\n\(hostile)"), .init("actual", hostile), .init("seen", "2")],
                    help: hostile),
                exchange: sent, isError: false),
            Failure(
                diagnostic: Diagnostic(.capture, "nothing to capture as \"x\"", in: file, at: 3..<8), exchange: sent,
                isError: false),
        ]
        let after = step("after", in: file, outcome: .skipped, at: 105, lasting: 0)
        var result = scenario(hostile, in: file, at: 100, lasting: 5, steps: [failing, after])
        result.audits = [
            ScenarioAudit(
                AuditFinding(
                    audit: "fresh reads", verdict: .failed, sentence: "1 read of 1 is stale: it showed \"\(hostile)\".",
                    witnesses: [
                        AuditFinding.Witness(key: hostile, sent: 0, received: 1_500_000, what: "write \"\(hostile)\""),
                        AuditFinding.Witness(key: "", sent: 2_000_000, received: nil, what: nil),
                    ], examined: 1, breaches: 1),
                range: 2..<12),
            ScenarioAudit(
                AuditFinding(
                    audit: "linearizability", verdict: .undecided, sentence: "The trace has no reads.", examined: 0),
                range: 2..<12),
        ]
        result.description = hostile
        result.tags = ["core", hostile]
        return result
    }

    private static var unreachable: ScenarioResult {
        let file = SourceFile(path: "Scenarios/refused.json", bytes: Array("{ \"id\": \"health\" }\n".utf8))
        let error = TransportError(
            .refused, "could not connect to http://127.0.0.1:9: Connection refused",
            help: "is the server running on this address?")
        var sent = exchange(Request(target: "/health"), Response(status: 0), at: 200, lasting: 1)
        sent.result = .failure(error)
        var health = step("health", in: file, outcome: .errored, at: 200, lasting: 1)
        health.failures = [
            Failure(
                diagnostic: Diagnostic(
                    .transport, "no complete response in step \"health\": \(error.message)", in: file, at: 8..<16,
                    help: error.help),
                exchange: sent, isError: true)
        ]
        return scenario("nobody is there", in: file, at: 200, lasting: 1, steps: [health])
    }

    private static var unstarted: ScenarioResult {
        let file = SourceFile(path: "Scenarios/variable.json", bytes: Array("{ \"variables\": { \"a\": {} } }\n".utf8))
        var result = scenario("no value", in: file, at: 300, lasting: 0, steps: [])
        result.startFailure = Failure(
            diagnostic: Diagnostic(.undefinedVariable, "the variable \"a\" has no value", in: file, at: 17..<20),
            exchange: nil, isError: true)
        return result
    }

    // MARK: Parts

    private static func scenario(
        _ name: String, in file: SourceFile, at: Double, lasting: Int, steps: [StepResult]
    ) -> ScenarioResult {
        ScenarioResult(
            file: file, name: name, description: nil, tags: [], start: self.at(at), address: "127.1.2.3", steps: steps,
            duration: .milliseconds(lasting))
    }

    private static func step(
        _ id: String, in file: SourceFile, outcome: Outcome, at: Double, lasting: Int
    ) -> StepResult {
        let start = String(decoding: file.bytes, as: UTF8.self).utf8.firstRange(of: "\"\(id)\"".utf8)
        let offset =
            start.map { file.bytes.count - String(decoding: file.bytes, as: UTF8.self).utf8[$0.lowerBound...].count }
            ?? 0
        return StepResult(
            id: id, phase: .steps, range: offset..<offset + 1, start: self.at(at), outcome: outcome,
            requests: outcome == .skipped ? 0 : 1, assertions: .init(), failures: [], exchanges: [], burst: nil,
            captures: [], duration: .milliseconds(lasting))
    }

    private static func exchange(
        _ request: Request, _ response: Response, at: Double, lasting: Int
    ) -> Exchange {
        Exchange(
            request: request, url: "http://127.0.0.1:8080\(request.target)", result: .success(response),
            start: self.at(at),
            duration: .milliseconds(lasting))
    }

    /// Times in milliseconds since the start of the exchange.
    private static func times(
        nameLookup: Int = 0, connect: Int = 0, tls: Int = 0, firstByte: Int, total: Int
    ) -> Response.Times {
        var times = Response.Times(total: .milliseconds(total))
        times.nameLookup = .milliseconds(nameLookup)
        times.connect = .milliseconds(connect)
        times.tls = .milliseconds(tls)
        times.firstByte = .milliseconds(firstByte)
        return times
    }
}
