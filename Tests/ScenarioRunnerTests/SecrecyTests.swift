import Report
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1)))
struct SecrecyTests {
    @Test("the result contains no secret, whatever fails")
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
        for format in RunResult.formats { text += try format.render(result) }
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

    /// All text that could appear in any output.
    private static func everything(of result: RunResult) throws -> String {
        let report = RunTextReport(style: .plain)
        var text = result.scenarios.map(report.scenario).joined() + report.summary(result)
        dump(result, to: &text)
        for format in RunResult.formats { text += try format.render(result) }
        for exchange in result.scenarios.flatMap(\.steps).flatMap(\.exchanges) {
            text += CurlCommand.render(exchange)
            text += String(decoding: exchange.request.body ?? [], as: UTF8.self)
            text += String(decoding: exchange.response?.body ?? [], as: UTF8.self)
        }
        return text + result.scenarios.map { String(decoding: $0.file.bytes, as: UTF8.self) }.joined()
    }

    @Test(
        "a secret echoed as JSON is masked, even in quotes of it", arguments: [#"pa"sswordQ"#, #"pa\sswordQ"#])
    func quotedTwice(secret: String) async throws {
        let server = try ScriptedServer(answering: { request in
            let echo = JSON.object(JSONObject([("echo", .string(String(decoding: request.body, as: UTF8.self)))]))
            return ScriptedAnswer.json(echo.serialized())
        })
        let head = #""variables": { "p": { "value": \#(JSON.string(secret).serialized()), "secret": true } },"#
        let echo = #"""
            { "id": "echo", "request": { "method": "POST", "url": "/", "json": { "p": "{{p}}" } },
              "expect": { "body": "x", "json": { "$.echo": { "ne": "{{p}}", "startsWith": "{{p}}" } } } }
            """#
        let text = try Self.everything(of: try await RunnerFixture.run(echo, head: head, against: server))
        #expect(!text.contains("sswordQ"))
        #expect(text.contains(#"= actual:   "{\"echo\":\"{\\\"p\\\":\\\"***\\\"}\"}" (string)"#))
    }

    @Test("a secret is masked within the base64 of a longer text")
    func withinBase64() async throws {
        let server = try ScriptedServer(answering: { request in
            ScriptedAnswer(200, bytes: Array((request.headers["a"] ?? "").utf8))
        })
        let head = #""variables": { "pw": { "value": "Sup3rS3cret", "secret": true }, "up": "user:{{pw}}" },"#
        let step = #"""
            { "id": "s", "request": { "url": "/", "headers": { "A": "{{base64(up)}}" } }, "expect": { "body": "x" } }
            """#
        let text = try Self.everything(of: try await RunnerFixture.run(step, head: head, against: server))
        #expect(text.contains("A: ***"))
        #expect(!text.contains(Encoding.base64(Array("user:Sup3rS3cret".utf8))))
        #expect(!text.contains("U3VwM3JTM2NyZXQ") && !text.contains("AzclMzY3JldA"))
    }

    @Test("a value derived from a secret for a call's parameter is masked in the called file too")
    func parameters() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let head = #""variables": { "pw": { "value": "Sup3rS3cret", "secret": true } },"#
        let step = #"""
            { "id": "c", "call": { "file": "called.json", "parameters": { "q": "{{sha256(pw)}}", "r": "shown" } } }
            """#
        let called = #"""
            { "name": "c", "variables": { "q": "", "r": "" },
              "steps": [ { "id": "z", "request": { "url": "/{{q}}/{{r}}" }, "expect": { "status": 201 } } ] }
            """#
        let text = try Self.everything(
            of: try await RunnerFixture.run(step, head: head, against: server, files: ["called.json": called]))
        #expect(text.contains("/***/shown"))
        // The start of the digest.
        #expect(!text.contains("eaaf2775b2018c1d"))
        let dryRun = DryRun(base: server.base)
        let scenario = try RunnerFixture.read(
            "{ \"name\": \"test\", \(head) \"steps\": [ \(step) ] }", files: ["called.json": called])
        let commands = try dryRun.lines(of: scenario).compactMap(\.exchange).map(CurlCommand.render)
        #expect(commands == ["curl -sS -i '\(server.base.text)/***/shown'"])
    }

    @Test("a secret in a request's method is masked")
    func method() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let text = try Self.everything(
            of: try await RunnerFixture.run(
                #"{ "id": "a", "request": { "method": "{{m}}", "url": "/" }, "expect": { "status": 201 } }"#,
                head: #""variables": { "m": { "value": "HUNTER2", "secret": true } },"#, against: server))
        #expect(text.contains("-X '***'") && !text.contains("HUNTER2"))
    }

    @Test("secrets in row labels are masked")
    func labels() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let names = Mutex<[String]>([])
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/" } }"#,
            head:
                #""variables": { "pw": { "value": "Sup3rS3cret", "secret": true } }, "data": { "rows": [ { "label": "by Sup3rS3cret" }, { "pw": "0therS3cret", "label": "0therS3cret" } ] },"#,
            against: server,
            { runner in
                runner.onEvent = { if case .started(_, let name) = $0 { names.withLock { $0.append(name) } } }
            })
        #expect(result.scenarios.map(\.name) == ["test [by ***]", "test [***]"])
        #expect(names.withLock { $0 } == ["test [by ***]", "test [***]"])
    }

    @Test("the reported length of a masked body is the original one")
    func lengths() async throws {
        let server = try ScriptedServer(answering: { ScriptedAnswer(200, bytes: $0.body) })
        let head = #""variables": { "p": { "value": "a long password", "secret": true } },"#
        let step = #"{ "id": "x", "request": { "method": "POST", "url": "/", "text": "{{p}}" } }"#
        let exchange = try #require(
            try await RunnerFixture.run(step, head: head, against: server).only.steps[0].exchanges.first)
        #expect(exchange.request.body == Array("***".utf8))
        #expect(exchange.request.bodyLength == 15)
        #expect(exchange.response?.bodyLength == 15)
    }

    @Test("every literal value of a secret in the file is masked, whichever is in use")
    func literals() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer.json("{}") })
        let head = #"""
            "variables": { "a": { "value": "lit_variables", "secret": true }, "b": "lit_b", "e": "lit_captured", "c": { "env": "NONE", "default": "lit_default", "secret": true } },
            "environments": { "x": { "a": "lit_block", "b": { "value": { "deep": ["lit_x"] }, "secret": true } } },
            "data": { "rows": [ { "a": "lit_row-1", "d": "shown" }, { "a": "lit_row-2", "d": "shown" } ], "order": "sequential" },
            "client": { "proxy": "http://u:lit_proxy@127.0.0.1:1" },
            """#
        let step = #"""
            { "id": "s", "request": { "url": "/?{{a}}" }, "expect": { "status": 201 }, "capture": { "e": { "status": true, "secret": true } } },
            { "id": "t", "request": { "url": "http://u:lit_url@127.0.0.1/", "basic": { "username": "u", "password": "lit_basic" } } },
            { "id": "c", "call": { "file": "called.json", "parameters": { "p": "lit_parameters" } } }
            """#
        let called =
            #"{ "name": "c", "variables": { "p": { "value": "", "secret": true } }, "steps": [ { "id": "z", "sleep": "0s" } ] }"#
        for skip in ["", #""skip": "later","#, #""requires": ["c"],"#] {
            let result = try await RunnerFixture.run(
                step, head: head + skip, against: server, { $0.variables = ["a": "given"] },
                files: ["called.json": called])
            let text = try Self.everything(of: result)
            #expect(text.contains("shown"))
            #expect(!text.contains("given\""))
            #expect(text.matches(of: #/lit_[a-z0-9-]+/#).map(\.output) == [])
        }
    }

    @Test("passwords in URLs are masked")
    func userinfo() async throws {
        let server = try ScriptedServer(answering: { request in
            ScriptedAnswer.json("{\"echo\":\"\(request.headers["authorization"] ?? "")\"}")
        })
        let place = server.base.text.dropFirst("http://".count)
        let steps = #"""
            { "id": "own", "request": { "url": "/" }, "expect": { "status": 201 } }
            """#
        let teardown = #"""
            "teardown": [
              { "id": "other", "request": { "url": "http://us:{{p}}@\#(place)/" }, "expect": { "status": 201 } },
              { "id": "refused", "request": { "url": "http://us:refusedpw@127.0.0.1:1/" } }
            ], "variables": { "p": "stepp%77" },
            """#
        let base = try #require(BaseURL("http://user:basepw@\(place)"))
        let result = try await RunnerFixture.run(steps, head: teardown, against: server, { $0.base = base })
        let text = try Self.everything(of: result)
        #expect(result.base == "http://user:***@\(place)")
        #expect(text.contains("http://us:***@\(place)/"))
        for password in ["basepw", "steppw", "stepp%77", "refusedpw"] { #expect(!text.contains(password)) }
        for password in ["user:basepw", "us:steppw"] { #expect(!text.contains(Encoding.base64(Array(password.utf8)))) }
    }

    @Test("a one-letter secret is not masked in the program's own words")
    func letter() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer.json(#"{"a":"sos"}"#) })
        let head = #""variables": { "p": { "value": "s", "secret": true } },"#
        let step = #"{ "id": "x", "request": { "url": "/" }, "expect": { "status": 201, "json": { "$.a": "{{p}}" } } }"#
        let result = try await RunnerFixture.run(step, head: head, against: server)
        let diagnostics = result.only.failures.map(\.diagnostic)
        #expect(diagnostics.map(\.message).first == "status is not as expected in step \"x\"")
        #expect(diagnostics.last?.notes.map(\.text) == [#""***" (string)"#, #""***o***" (string)"#])
    }

    @Test("a dry run's errors mask secrets, and its commands include client options")
    func dryRunStart() throws {
        let base = try #require(BaseURL("http://host"))
        let unset = #"""
            { "name": "x", "variables": { "p": { "value": "hunter2", "secret": true }, "q": "{{env('NONE')}}" },
              "steps": [ { "id": "s", "request": { "url": "/{{q}}" } } ] }
            """#
        let error = try #require(throws: Diagnostic.self) {
            try DryRun(base: base).lines(of: try RunnerFixture.read(unset))
        }
        #expect(error.file.line(1).contains("\"value\": \"*******\""))
        let plain =
            #"{ "name": "x", "client": { "httpVersion": "1.1" }, "steps": [ { "id": "s", "request": { "url": "/" } } ] }"#
        var dryRun = DryRun(base: base)
        dryRun.client.isInsecure = true
        let commands = try dryRun.lines(of: try RunnerFixture.read(plain)).compactMap(\.exchange).map(
            CurlCommand.render)
        #expect(commands == ["curl -sS -i --http1.1 -k http://host/"])
    }

    @Test("a dry run masks the caller's secrets, URL passwords and basic credentials")
    func dryRun() throws {
        let caller = #"""
            { "name": "caller", "variables": { "p": { "value": "hunter2", "secret": true } },
              "steps": [
                { "id": "c", "call": { "file": "called.json", "parameters": { "q": "{{p}}" } } },
                { "id": "b", "request": { "url": "http://us:urlpw@host/", "basic": { "username": "u", "password": "basicpw" } } } ] }
            """#
        let called =
            #"{ "name": "c", "variables": { "q": "" }, "steps": [ { "id": "r", "request": { "url": "/{{q}}" } } ] }"#
        let scenario = try RunnerFixture.read(caller, files: ["called.json": called])
        let base = try #require(BaseURL("http://user:basepw@host"))
        let commands = try DryRun(base: base).lines(of: scenario).compactMap(\.exchange).map(CurlCommand.render)
        #expect(
            commands == [
                "curl -sS -i 'http://user:***@host/***'",
                "curl -sS -i -H 'Authorization: Basic ***' 'http://us:***@host/'",
            ])
    }
}
