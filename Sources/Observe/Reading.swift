/// What a source shows at one instant.
package struct Reading: Equatable, Sendable {
    /// On the monotonic clock, in nanoseconds.
    package var time: UInt64
    package var values: [ObservedMetric: Double]
    /// Totals of each Redis command.
    package var commands: [String: CommandTotal]

    package init(time: UInt64, values: [ObservedMetric: Double], commands: [String: CommandTotal] = [:]) {
        self.time = time
        self.values = values
        self.commands = commands
    }
}

/// How often a Redis command was called, and how long Redis worked on it.
package struct CommandTotal: Equatable, Sendable {
    package var calls: Double
    /// In nanoseconds.
    package var time: Double

    package init(calls: Double, time: Double) {
        self.calls = calls
        self.time = time
    }
}
