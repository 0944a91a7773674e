import Testing

@testable import Load

@Suite struct RequestBudgetTests {
    @Test("only requests of the measurement use up the limit")
    func limit() {
        var budget = RequestBudget(left: 1, isLimited: true)
        let begun = [false, true, true].map { budget.begin(isMeasuring: $0) }
        #expect(begun == [true, true, false] && budget.inFlight == 2 && !budget.isSpent)
        budget.end()
        budget.end()
        #expect(budget.isSpent)
    }

    @Test("a request taken back may be sent again, and counts once")
    func takenBack() {
        var budget = RequestBudget(left: 1, isLimited: true)
        _ = budget.begin(isMeasuring: true)
        budget.takeBack(isCounted: true)
        #expect(budget.left == 1 && budget.inFlight == 0)
        _ = budget.begin(isMeasuring: true)
        budget.takeBack(isCounted: false)
        #expect(budget.left == 0)
    }
}
