import Testing

/// How slow requests may be during a fault.
///
/// `TODO_TEST_ALONE=1` checks the documented times. When other tests run at the same time, requests also wait for the
/// machine. Then half of the requests during the outage must be faster than any that waits for the failed service, and
/// only a few may be slow.
enum Patience {
    private static let isAlone = rounds("TODO_TEST_ALONE", otherwise: 0) == 1

    static func expectPromptness(of traffic: Traffic) throws {
        guard !isAlone else {
            #expect(try traffic.percentile(99) < .milliseconds(300))
            return
        }
        let meanwhile = traffic.absence
        #expect(
            try traffic.percentile(50) { request in meanwhile.map(request.overlaps) ?? true } < .milliseconds(150))
        // A stalled machine delays each client once. An outage would delay them repeatedly.
        #expect(traffic.samples.count { $0.time >= .seconds(1) } <= traffic.clients)
    }

    /// The time from the recovery of a service until the server uses it again.
    static let untilBack: Duration = isAlone ? .seconds(2) : .seconds(10)
}
