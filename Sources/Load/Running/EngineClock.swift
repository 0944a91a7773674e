/// A worker's source of time and of its thread's CPU time: the machine's, or a simulation's.
protocol EngineClock {
    /// Nanoseconds since a fixed instant.
    func now() -> Nanoseconds
    /// Seconds since 1970-01-01T00:00:00Z.
    func wallTime() -> Double
    /// Sleeps for less than a second; a signal ends it early.
    func sleep(_ time: Nanoseconds)
    /// CPU time of the calling thread since it began.
    func processorTime() -> Nanoseconds
    /// Resource usage of the calling thread since it began.
    func usage() -> ThreadUsage
}
