/// Why a request that was due has no response at the end of the run.
package enum UnfinishedReason: String, CaseIterable, Codable, Sendable {
    /// It was sent, but its response has not arrived.
    case inFlight
    /// No virtual user was free.
    case waitingForUser
    /// Its connection was still being made.
    case waitingForConnection
}
