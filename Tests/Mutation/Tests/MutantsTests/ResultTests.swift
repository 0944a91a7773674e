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
        var reach = TestReach()
        reach.add("T.B", TestReach.Suite(fingerprint: "", seconds: 10, reached: [1, 2]))
        reach.add("T.A", TestReach.Suite(fingerprint: "", seconds: 5, reached: [2]))
        #expect(reach.suites(reaching: 2) == ["T.A", "T.B"])
        #expect(reach.suites(reaching: 1) == ["T.B"] && reach.suites(reaching: 3).isEmpty)
        #expect(reach.limit(["T.A", "T.B"]) == 75)
    }

    @Test("quick suites run together before slow ones, each of which runs alone")
    func stages() {
        var reach = TestReach()
        for (name, seconds) in [("T.A", 9.0), ("T.B", 0.1), ("T.C", 1), ("T.D", 5), ("U.E", 0.1)] {
            reach.add(name, TestReach.Suite(fingerprint: "", seconds: seconds, reached: []))
        }
        let names = ["T.A", "T.B", "T.C", "T.D", "U.E"]
        #expect(reach.stages(of: names, targets: [["T"], ["U"]]) == [["T.B", "T.C"], ["T.D"], ["T.A"], ["U.E"]])
    }

    @Test("what a suite reached is known until its own tests or the sources change")
    func forgetting() {
        let hashes: [String: UInt64] = [
            "Sources/A.swift": 1, "Tests/Support/B.swift": 2, "Tests/LoadTests/X/C.swift": 3,
            "Tests/Conformance/D.swift": 4,
        ]
        var reach = TestReach()
        for name in ["LoadTests.S", "ConformanceTests.S"] {
            let fingerprint = TreeFingerprint(hashes).tests(of: TestSuiteName.target(of: name))
            reach.add(name, TestReach.Suite(fingerprint: fingerprint, seconds: 1, reached: []))
        }
        func kept(_ change: (inout [String: UInt64]) -> Void) -> [String] {
            var changed = hashes
            change(&changed)
            var reach = reach
            reach.forgetChanged(in: TreeFingerprint(changed))
            return reach.suites.keys.sorted()
        }
        #expect(kept { _ in } == ["ConformanceTests.S", "LoadTests.S"])
        #expect(kept { $0["Tests/LoadTests/X/C.swift"] = 9 } == ["ConformanceTests.S"])
        #expect(kept { $0["Tests/Conformance/D.swift"] = 9 } == ["LoadTests.S"])
        #expect(kept { $0["Tests/Support/B.swift"] = 9 }.isEmpty)
        #expect(kept { $0["Sources/A.swift"] = 9 }.isEmpty)
    }

    @Test("a folder may ask for its own number of mutants")
    func ownSample() {
        let modules = MutatedModule.modules(["Load=200", "Scenario/Matching=70", "Scenario/Templates", "Report"])
        #expect(modules.map(\.sample) == [200, 70, nil])
        #expect(modules.map(\.folders) == [["Load"], ["Scenario/Matching", "Scenario/Templates"], ["Report"]])
    }

    @Test("folders of one target are built together")
    func modules() {
        let modules = MutatedModule.modules(["Load", "Scenario/Matching", "Scenario/Templates"])
        #expect(modules.map(\.name) == ["Load", "Scenario"])
        #expect(modules[1].contains("Sources/Scenario/Templates/A.swift"))
        #expect(!modules[1].contains("Sources/Scenario/TemplatesOther/A.swift"))
    }
}
