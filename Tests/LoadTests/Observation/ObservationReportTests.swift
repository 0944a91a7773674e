import Foundation
import Report
import Scenario
import TestSupport
import Testing

@testable import Load

@Suite struct ObservationReportTests {
    private static func load(_ observation: LoadObservation) -> EvaluatedLoad {
        var load = EvaluatedLoad(LoadReportTests.result)
        load.observation = observation
        return load
    }

    private static func lines(_ observation: LoadObservation) throws -> [String] {
        try LoadReport.text.render(load(observation)).components(separatedBy: "\n")
    }

    @Test("the text shows each source, and the costs with their intervals")
    func text() throws {
        let lines = try Self.lines(.sample())
        #expect(
            lines.contains("server       pid:7: 3% of a core, 18 MiB, 41 descriptors, 1,000 context switches/s"),
            "\(lines)")
        #expect(
            lines.contains {
                $0.hasPrefix("redis        redis://127.0.0.1:6379: 10% of a core, ")
                    && $0.hasSuffix(" commands/s (get 1.2 µs, set 5.0 µs), 1.0 MiB, 0 evictions/s")
            }, "\(lines)")
        let table = try #require(lines.firstIndex { $0.hasPrefix("cost of a response") })
        #expect(lines[table + 1].hasPrefix("read hit"))
        #expect(lines[table + 1].contains("20.0 µs (20.0 to 20.0)") && lines[table + 1].contains("2.00 (2.00 to 2.00)"))
        #expect(lines[table + 2].contains("100 µs (100 to 100)"))
        #expect(lines[table + 3].hasPrefix("average"))
        #expect(lines[table + 4].hasPrefix("in brackets: 95% confidence"))
    }

    @Test("costs that cannot be separated are n/a, and the text says what to do")
    func inseparable() throws {
        let lines = try Self.lines(.sample(withWrites: true))
        let note = try #require(lines.first { $0.contains("not separable") })
        #expect(note.contains("read miss, write.") && note.contains("varies the mix") && note.contains("--stage"))
        #expect(lines.first { $0.hasPrefix("write") }?.contains("n/a") == true)
    }

    @Test("a run that is too short for costs by class shows the average")
    func short() throws {
        let lines = try Self.lines(.sample(seconds: 5))
        let line = try #require(lines.first { $0.hasPrefix("cost  ") })
        #expect(line.hasPrefix("cost         of an average response: server CPU "), "\(lines)")
        #expect(line.hasSuffix(" (by class from 10 s on)") && line.contains(" µs, redis commands 2."), "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("cost of a response") })
    }

    @Test("the JSON has the series and the costs, and conforms to the schema")
    func json() throws {
        let schema = try JSONDocument(parsing: Array(LoadReportSchema.text.utf8)).root.value
        for observation in [LoadObservation.sample(), .sample(withWrites: true), .sample(seconds: 5)] {
            let data = try LoadDocument(Self.load(observation)).encoded()
            var checker = SchemaChecker(schema)
            checker.check(try JSONDocument(parsing: Array(data)).root.value)
            #expect(checker.problems == [])
            #expect(try EvaluatedLoad(reading: data).result == LoadReportTests.result)
        }
        let data = try LoadDocument(Self.load(.sample(withWrites: true))).encoded()
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let observed = try #require(object["observation"] as? [String: Any])
        let cost = try #require((observed["costs"] as? [[String: Any]])?.first)
        let kinds = try #require(cost["kinds"] as? [[String: Any]])
        #expect(cost["metric"] as? String == "cpuMs" && (cost["blocks"] as? Int) == 20)
        #expect(abs(((kinds[0]["value"] as? Double) ?? 0) - 0.02) < 0.000_02)
        #expect(kinds[2]["reason"] as? String == "inseparable")
    }

    @Test("the CSV has the costs in the rows whose responses are of one kind")
    func csv() throws {
        let text = try LoadReport.csv.render(Self.load(.sample()))
        let rows = text.components(separatedBy: "\r\n").map { $0.components(separatedBy: ",") }
        let column = try #require(rows[0].firstIndex(of: "cost_redis_commands"))
        #expect(rows[1][1...2] == ["read", ""] && rows[1][column] == "")
        #expect(rows[2][1...2] == ["read", "hit"] && rows[2][column...(column + 2)] == ["2.000", "2.000", "2.000"])
        #expect(rows[3][1...2] == ["read", "limited"] && rows[3][column] == "")
        let plain = try LoadReport.csv.render(EvaluatedLoad(LoadReportTests.result))
        #expect(plain.components(separatedBy: "\r\n")[2].hasSuffix(",,,"))
    }
}
