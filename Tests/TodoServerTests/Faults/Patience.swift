/// What faults may cost. `TODO_TEST_ALONE=1` asks for what is promised. Beside other tests a request waits for the
/// processor and the disk too, and some wait long: there, half of those that begin while something is away are to be
/// quicker than any that waits for it.
enum Patience {
    private static let isAlone = rounds("TODO_TEST_ALONE", otherwise: 0) == 1

    /// How long requests may take, but for the slowest.
    static let withoutIt: Duration = isAlone ? .milliseconds(300) : .milliseconds(150)

    /// How long requests took, but for the slowest.
    static func time(of traffic: Traffic) -> Duration {
        isAlone ? traffic.percentile(99) : traffic.percentile(50, begunIn: traffic.absence)
    }

    /// From its return until it is used again.
    static let untilBack: Duration = isAlone ? .seconds(2) : .seconds(10)
}
