import Testing

@testable import Mutants

@Suite struct ResultTests {
    private static let mutants = MutantFinder.mutants(file: "Sources/M/F/A.swift", source: "let c = a < b")

    private static func result(_ outcome: MutantOutcome, suites: [String] = ["T.Suite"]) -> MutantResult {
        MutantResult(mutants[0], outcome, suites: suites, failure: nil, seconds: 1)
    }

    @Test("timeouts count as killed, unreached mutants as survived, equivalent ones not at all")
    func score() {
        let outcomes: [MutantOutcome] = [.killed, .timedOut, .killed, .survived, .notReached, .equivalent]
        let table = ScoreTable(outcomes.map { Self.result($0) })
        #expect(table.rows.map(\.folder) == ["M/F"])
        #expect(table.total.killed == 3 && table.total.survived == 2 && table.total.equivalent == 1)
        #expect(table.total.score == 60)
        #expect(table.text.hasSuffix("all           6       3         2           1   60 %"))
        #expect(ScoreTable([]).total.score == nil)
    }

    @Test("a survivor is printed as a diff with the suites that ran its line")
    func diff() {
        let text = Self.result(.survived).diff
        #expect(text == "Sources/M/F/A.swift:1 boundary\n- let c = a < b\n+ let c = a <= b\n  run by T.Suite")
        #expect(Self.result(.notReached, suites: []).diff.hasSuffix("no test runs this line"))
    }
}

@Suite struct SuiteTests {
    @Test("tests are grouped by top-level suite, in the wanted targets only")
    func names() {
        let listing = "LoadTests.A/one()\nLoadTests.A/B/two()\nLoadTests.free()\nOther.C/three()\n"
        let names = TestSuiteName.names(listing: listing, targets: ["LoadTests"])
        #expect(names == ["LoadTests.A", "LoadTests.free()"])
        #expect(names.map(TestSuiteName.target) == ["LoadTests", "LoadTests"])
    }

    @Test("a filter matches the suites' tests, and no suite whose name begins alike")
    func filter() throws {
        let filter = try Regex(TestSuiteName.filter(["T.A", "T.free()"]))
        for name in ["T.A/one()", "T.A/B/two()", "T.free()", "T.free()/File.swift:1:2"] {
            #expect(name.contains(filter), "\(name)")
        }
        for name in ["T.AB/one()", "TxA/one()", "U.T.A/one()"] { #expect(!name.contains(filter), "\(name)") }
    }

    @Test("only suites that reach a mutant are run for it, for several times as long as they usually take")
    func reach() {
        var reach = TestReach(fingerprint: "")
        reach.add("T.B", TestReach.Suite(seconds: 10, reached: [1, 2]))
        reach.add("T.A", TestReach.Suite(seconds: 5, reached: [2]))
        #expect(reach.suites(reaching: 2) == ["T.A", "T.B"])
        #expect(reach.suites(reaching: 1) == ["T.B"] && reach.suites(reaching: 3).isEmpty)
        #expect(reach.limit(["T.A", "T.B"]) == 75)
    }

    @Test("quick suites run together before slow ones, each of which runs alone")
    func stages() {
        var reach = TestReach(fingerprint: "")
        for (name, seconds) in [("T.A", 9.0), ("T.B", 0.1), ("T.C", 1), ("T.D", 5), ("U.E", 0.1)] {
            reach.add(name, TestReach.Suite(seconds: seconds, reached: []))
        }
        let names = ["T.A", "T.B", "T.C", "T.D", "U.E"]
        #expect(reach.stages(of: names, targets: [["T"], ["U"]]) == [["T.B", "T.C"], ["T.D"], ["T.A"], ["U.E"]])
    }

    @Test("folders of one target are built together")
    func modules() {
        let modules = MutatedModule.modules(["Load", "Scenario/Matching", "Scenario/Templates"])
        #expect(modules.map(\.name) == ["Load", "Scenario"])
        #expect(modules[1].contains("Sources/Scenario/Templates/A.swift"))
        #expect(!modules[1].contains("Sources/Scenario/TemplatesOther/A.swift"))
    }
}
