import Testing

@testable import Scenario

struct OverallVerdictTests {
    @Test(
        "failures outweigh incompleteness, and incompleteness outweighs missing checks",
        arguments: [
            (true, true, 1, .failed), (true, false, 1, .failed), (true, false, 0, .failed),
            (false, false, 1, .undecided(.incomplete)), (false, false, 0, .undecided(.incomplete)),
            (false, true, 0, .undecided(.nothingChecked)), (false, true, 1, .passed),
        ] as [(Bool, Bool, Int, OverallVerdict)])
    func ranking(_ hasFailures: Bool, _ isComplete: Bool, _ checks: Int, _ expected: OverallVerdict) {
        #expect(OverallVerdict(hasFailures: hasFailures, isComplete: isComplete, checks: checks) == expected)
    }
}
