/// Requests that one client sent together or one after another, as evidence for or against a hypothesis.
///
/// The limiter decided on each of them at an instant in [``start``, ``end``]. Batches do not overlap.
struct Batch: Equatable, Sendable {
    /// Seconds since the probe began: before the first request was sent.
    var start: Double
    /// After the last response was read.
    var end: Double
    var admitted = 0
    var denied = 0
    /// Requests without a conclusive response. The limiter may have counted them.
    var uncertain = 0
    /// The most requests that were in flight at the same time.
    var concurrency = 1

    /// How many admissions the limiter has counted at least.
    ///
    /// - Parameter leaks: whether the limiter may lose updates: of requests in flight together it counts at least one.
    func counted(leaks: Bool) -> Int {
        leaks && concurrency > 1 ? (admitted + concurrency - 1) / concurrency : admitted
    }

    /// How many admissions the limiter may have counted.
    var possible: Int { admitted + uncertain }

    /// Whether more may have been admitted than the limit allows, by a limiter that leaks.
    func mayExceed(leaks: Bool) -> Bool { leaks && concurrency > 1 }
}
