import Testing

@testable import Load

@Suite struct ReceiveLagEstimateTests {
    @Test("a timestamped response waited since it arrived")
    func timestamped() {
        var lag = ReceiveLagEstimate(wokenAt: 1000)
        lag.wake(at: 2000, isFull: false)
        lag.read(at: 2300, arrival: 1900)
        #expect(lag.latest == 400)
    }

    @Test("other responses waited as long in their sockets as the latest timestamped one, and then in the batch")
    func estimated() {
        var lag = ReceiveLagEstimate(wokenAt: 1000)
        lag.wake(at: 2000, isFull: false)
        lag.read(at: 2000, arrival: 1900)
        lag.read(at: 2300, arrival: 0)
        #expect(lag.latest == 400)
    }

    @Test("a response cannot have waited longer than since the previous wait, unless its batch was full")
    func bounded() {
        var lag = ReceiveLagEstimate(wokenAt: 1000)
        lag.wake(at: 2000, isFull: false)
        lag.read(at: 2000, arrival: 1100)
        lag.wake(at: 2050, isFull: true)
        lag.read(at: 2050, arrival: 0)
        #expect(lag.latest == 50)
        lag.wake(at: 2100, isFull: false)
        lag.read(at: 2100, arrival: 0)
        #expect(lag.latest == 100)
    }
}
