import Report
import Scenario
import ScenarioRunner
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1)))
struct SecrecyTests {
    @Test("nothing secret is in the result, whatever fails")
    func nothingSecret() async throws {
        let server = try ScriptedServer(answering: { request in
            let echo = String(decoding: request.body, as: UTF8.self) + (request.headers["authorization"] ?? "")
            return ScriptedAnswer.json("{\"token\":\"t0k3n/+=\",\"echo\":\(JSON.string(echo).serialized())}")
        })
        let head = #"""
            "variables": { "password": { "value": "hunter 2", "secret": true } },
            "teardown": [
              { "id": "t", "request": { "url": "/{{urlEncode(token)}}", "bearer": "{{token}}" }, "expect": { "body": "{{token}}" } },
              { "id": "u", "request": { "url": "/", "basic": { "username": "u", "password": "{{password}}" } }, "expect": { "status": 500 } }
            ],
            """#
        let login = #"""
            { "id": "login",
              "request": { "method": "POST", "url": "/login", "query": { "p": "{{password}}" }, "form": { "password": "{{password}}" } },
              "expect": { "json": { "$.token": "another" } },
              "capture": { "token": { "json": "$.token", "secret": true } } }
            """#
        let result = try await RunnerFixture.run(login, head: head, against: server)
        #expect(result.only.outcome == .failed)
        let report = RunTextReport(style: .plain)
        var text = result.scenarios.map(report.scenario).joined() + report.summary(result)
        dump(result, to: &text)
        for format in RunReport.Format.allCases { text += try format.render(result) }
        for exchange in result.only.steps.flatMap(\.exchanges) {
            text += CurlCommand.render(exchange)
            text += String(decoding: exchange.request.body ?? [], as: UTF8.self)
            text += String(decoding: exchange.response?.body ?? [], as: UTF8.self)
        }
        text += String(decoding: result.only.file.bytes, as: UTF8.self)
        let credentials = Encoding.base64(Array("u:hunter 2".utf8))
        for secret in ["hunter 2", "hunter%202", "t0k3n/+=", "t0k3n%2F%2B%3D", credentials] {
            #expect(!text.contains(secret), "\(secret) is shown")
        }
        #expect(text.contains(Secrets.mask))
    }
}
