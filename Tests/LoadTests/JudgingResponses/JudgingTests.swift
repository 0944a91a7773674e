import Histogram
import Synchronization
import Testing
import TestSupport

@testable import Load

@Suite(.timeLimit(.minutes(1)))
struct JudgingTests {
    @Test("repeated bytes are judged only at first, and every response is counted by its verdict")
    func classes() throws {
        let turn = Atomic<Int>(0)
        let server = try ScriptedServer { connection in
            while connection.read() != nil {
                let number = turn.add(1, ordering: .relaxed).newValue
                connection.write(
                    number % 4 == 0
                        ? answer("no", status: "429 Too Many Requests", headers: "X-Number: \(number)\r\n")
                        : answer("yes", headers: "X-Number: \(number)\r\n"))
            }
        }
        let judge = StubJudge { status, body, _ in
            Verdict(classes: status == 429 ? 0b10 : 0b01, failures: body == "yes" ? 0 : 0b1)
        }
        let result = try LoadResult.load(
            server.address, steps: [.get(assertions: ["body is yes"])], classes: ["hit", "limited"], judge: judge)
        #expect(judge.timesAsked == 4, "twice each: the second sighting is remembered")
        let step = result.steps[0]
        let (hit, limited) = (step.classes[0].count, step.classes[1].count)
        #expect(hit + limited == result.responses)
        #expect(abs(hit - 3 * limited) <= 8)
        #expect(step.statuses == [200: hit, 429: limited])
        #expect(step.classes[1].serviceTime.totalCount == UInt64(limited))
        #expect(
            step.failures == [
                AssertionFailure(
                    assertion: "body is yes", place: "", count: limited, example: "assertion 0 of step 0: got 429")
            ])
    }

    @Test("responses that differ in a checked header are judged separately")
    func headers() throws {
        let turn = Atomic<Int>(0)
        let server = try ScriptedServer { connection in
            while connection.read() != nil {
                connection.write(
                    answer("yes", headers: "X-Number: \(turn.add(1, ordering: .relaxed).newValue)\r\n"))
            }
        }
        let judge = StubJudge()
        let result = try LoadResult.load(server.address, steps: [.get(headers: ["x-number"])], judge: judge)
        #expect(judge.timesAsked == result.responses)
    }

    @Test("a step with checks that depend on the iteration is judged every time")
    func turns() throws {
        let server = try ScriptedServer(answering: answer("yes"))
        let judge = StubJudge { _, _, iteration in Verdict(failures: iteration.user == 1 ? 1 : 0) }
        let result = try LoadResult.load(
            server.address, steps: [.get(assertions: ["user is not 1"], isMemoisable: false)], judge: judge)
        #expect(judge.timesAsked == result.responses)
        #expect(result.failedResponses > 0 && result.failedResponses < result.responses)
    }

    @Test("a failed assertion has an example even if its bytes were first seen in the warm-up")
    func exampleOfWarmUp() throws {
        let server = try ScriptedServer(answering: answer("yes"))
        let judge = StubJudge { _, _, _ in Verdict(failures: 1) }
        let result = try LoadResult.load(server.address, steps: [.get(assertions: ["never"])], judge: judge) {
            $0.warmUp = .milliseconds(200)
        }
        #expect(result.failedResponses == result.responses && result.responses > 0)
        #expect(result.steps[0].failures.map(\.example) == ["assertion 0 of step 0: got 200"])
    }
}
