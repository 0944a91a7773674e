import ScenarioRunner
import Testing
import TestSupport

/// A load reports what it checked and never passes unchecked responses as checked.
@Suite(.timeLimit(.minutes(1)))
struct LoadCheckTests {
    private static func load(_ steps: String, load: String = "{}") async throws -> Program.Outcome {
        let server = try ScriptedServer { request in .json("{}", status: request.target == "/broken" ? 500 : 200) }
        let words = [
            "load", "-", "--virtual-users", "3", "--max-requests", "30", "--duration", "20s", "--base-url",
            server.base.text,
        ]
        let outcome = try await Program.gauntlet(
            words, input: #"{ "name": "n", "steps": [\#(steps)], "load": \#(load) }"#)
        withExtendedLifetime(server) {}
        return outcome
    }

    @Test("a load without assertions passes, and warns of 5xx responses")
    func noAssertions() async throws {
        let good = try await Self.load(#"{ "id": "a", "request": { "url": "/" } }"#)
        #expect(good.code == 0 && good.output.contains("\nassertions   none\n"), "\(good)")
        #expect(!good.errors.contains("warning"), "\(good)")
        let broken = try await Self.load(#"{ "id": "a", "request": { "url": "/broken" } }"#)
        #expect(broken.code == 0 && broken.errors.contains("responses have a 5xx status"), "\(broken)")
        let judged = try await Self.load(
            #"{ "id": "a", "request": { "url": "/broken" } }"#, load: #"{ "thresholds": { "count": { "gt": 0 } } }"#)
        #expect(judged.code == 0 && !judged.errors.contains("warning"), "\(judged)")
    }

    @Test("a load whose assertions were never evaluated does not pass")
    func nothingChecked() async throws {
        let outcome = try await Self.load(
            #"""
            { "id": "a", "request": { "url": "/" } },
            { "id": "b", "request": { "url": "/", "maxBody": 1 }, "expect": { "status": 200 } }
            """#, load: #"{ "thresholds": { "errorShare": { "lte": 1 } } }"#)
        #expect(outcome.code == 3 && outcome.errors.contains("nothing was checked"), "\(outcome)")
        #expect(outcome.output.contains("\nassertions   never evaluated\n"), "\(outcome)")
    }

    @Test("failed assertions exit with 4, errors alone with 3, and errors allowed by a threshold with 0")
    func ranking() async throws {
        let failing = #"{ "id": "a", "request": { "url": "/" }, "expect": { "status": 201 } }"#
        let passing = failing.replacing("201", with: "200")
        let erring = #"{ "id": "b", "request": { "url": "/", "maxBody": 1 }, "expect": { "status": 200 } }"#
        let both = try await Self.load("\(failing), \(erring)")
        #expect(both.code == 4, "\(both)")
        let mixed = "\(passing), \(erring)"
        let errors = try await Self.load(mixed)
        #expect(errors.code == 3, "\(errors)")
        let allowed = try await Self.load(mixed, load: #"{ "thresholds": { "errors": { "gte": 1 } } }"#)
        // 3 if a busy machine delayed the generator.
        #expect(allowed.code == 0 || allowed.code == 3 && allowed.output.contains("invalid"), "\(allowed)")
        let tooMany = try await Self.load(mixed, load: #"{ "thresholds": { "errors": 0 } }"#)
        #expect(tooMany.code == 4 || tooMany.code == 3 && tooMany.output.contains("invalid"), "\(tooMany)")
    }
}
