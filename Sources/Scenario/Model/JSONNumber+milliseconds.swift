import JSONDocuments

extension JSONNumber {
    /// Creates a number of milliseconds from a duration.
    package init(milliseconds duration: Duration) {
        // A duration is finite, so the fallback is never taken.
        self = JSONNumber(Double(duration.nanoseconds) / 1e6) ?? JSONNumber(0)
    }
}
