import Testing

@testable import Probe

struct SpendingTests {
    @Test(
        "what is left of the limit after rejected requests shows whether they count",
        arguments: [(0, true), (2, true), (10, false), (8, false), (5, nil), (13, nil)] as [(Int, Bool?)])
    func isCounted(left: Int, isCounted: Bool?) {
        var spending = Spending(.malformed(0), limit: 10)
        let exchange = ProbeExchange(sent: 0, received: 0.001, outcome: .admitted)
        spending.note(Array(repeating: exchange, count: 10))
        #expect(spending.isOver)
        spending.left = left
        #expect(spending.isCounted == isCounted)
    }
}
