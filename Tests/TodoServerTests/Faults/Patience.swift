/// What faults may cost. Beside other tests a request waits for the processor too: there, only a wait for something
/// that is away is told from that. `TODO_TEST_ALONE=1` asks for what is promised.
enum Patience {
    private static let isAlone = rounds("TODO_TEST_ALONE", otherwise: 0) == 1

    /// The 99th percentile of all requests while something is away.
    static let withoutIt: Duration = isAlone ? .milliseconds(300) : .seconds(1)
    /// From its return until it is used again.
    static let untilBack: Duration = isAlone ? .seconds(2) : .seconds(10)
}
