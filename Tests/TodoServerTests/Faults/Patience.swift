import Testing

/// What faults may cost. `TODO_TEST_ALONE=1` asks for what is promised. Beside other tests a request waits for the
/// machine too: there, half of those under way while something is away are to be quicker than any that waits for it, and
/// few are to be slow.
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
        // A machine that stands still holds each client up once; what is away, time and again.
        #expect(traffic.samples.count { $0.time >= .seconds(1) } <= traffic.clients)
    }

    /// From its return until it is used again.
    static let untilBack: Duration = isAlone ? .seconds(2) : .seconds(10)
}
