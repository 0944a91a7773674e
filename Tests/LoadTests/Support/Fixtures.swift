import ScenarioRunner
import Synchronization

@testable import Load

/// A judge with a test's own verdict that counts its calls.
final class StubJudge: ResponseJudge {
    private let verdict: @Sendable (_ status: Int, _ body: String, _ iteration: UserIteration) -> Verdict
    private let asked = Atomic<Int>(0)

    init(_ verdict: @escaping @Sendable (Int, String, UserIteration) -> Verdict = { _, _, _ in Verdict() }) {
        self.verdict = verdict
    }

    var timesAsked: Int { asked.load(ordering: .relaxed) }

    func judge(
        _ response: borrowing ReceivedResponse, step: Int, iteration: UserIteration,
        captured: inout UserVariables.Values
    ) -> Verdict {
        asked.add(1, ordering: .relaxed)
        return verdict(response.status, String(decoding: response.body(), as: UTF8.self), iteration)
    }

    func explain(_ response: borrowing ReceivedResponse, step: Int, iteration: UserIteration, assertion: Int) -> String
    {
        "assertion \(assertion) of step \(step): got \(response.status)"
    }
}

extension PlannedStep {
    static func get(
        _ id: String = "read", method: String = "GET", path: String = "/", repeats: Int = 1, assertions: [String] = [],
        headers: [String] = [],
        isMemoisable: Bool = true, timeout: Duration = .seconds(5), bodyLimit: Int = 16 << 20
    ) -> PlannedStep {
        let bytes = Array("\(method) \(path) HTTP/1.1\r\nHost: test\r\n\r\n".utf8)
        return PlannedStep(
            id: id,
            action: .exchange(
                PlannedRequest(
                    bytes: .constant(bytes), isIdempotent: method == "GET", timeout: timeout, bodyLimit: bodyLimit)),
            repeats: repeats, assertions: assertions.map { PlannedAssertion(text: $0) },
            interest: HeaderInterest(headers), isMemoisable: isMemoisable)
    }
}

extension LoadResult {
    /// Requests that were in flight or waiting for a connection at the end of the run.
    var inFlight: Int { unfinished[.inFlight, default: 0] + unfinished[.waitingForConnection, default: 0] }

    var waitingForUser: Int { unfinished[.waitingForUser, default: 0] }

    /// Runs load with settings for tests: few users, one thread, a short time.
    static func load(
        _ address: SocketAddress, steps: [PlannedStep] = [.get()], classes: [String] = [],
        judge: any ResponseJudge = StubJudge(), stop: StopFlag = StopFlag(),
        _ change: (inout EngineSettings) -> Void = { _ in }
    ) throws -> LoadResult {
        var settings = EngineSettings()
        settings.virtualUsers = 4
        settings.threads = 1
        settings.duration = .milliseconds(300)
        settings.grace = .milliseconds(200)
        change(&settings)
        let plan = LoadPlan(target: address, steps: steps, classes: classes, judge: judge)
        return try LoadRun(name: "test", plan: plan, settings: settings, stop: stop).finish()
    }
}

func answer(_ body: String, status: String = "200 OK", headers: String = "") -> String {
    "HTTP/1.1 \(status)\r\nDate: now\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
}
