/// What became of a run's trace.
package struct TraceSummary: Equatable, Sendable {
    /// The file.
    package var path: String
    /// The number of requests in it.
    package var requests: Int
    /// The number of requests that are missing, because writing did not keep up or failed.
    package var lost: UInt64
    /// Why the file could not be written; nil if it was.
    package var failure: String?

    package init(path: String, requests: Int, lost: UInt64 = 0, failure: String? = nil) {
        self.path = path
        self.requests = requests
        self.lost = lost
        self.failure = failure
    }

    /// Whether every request is in the file. An incomplete trace proves nothing.
    package var isComplete: Bool { lost == 0 && failure == nil }
}
