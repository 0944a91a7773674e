import Foundation
import Scenario
import Synchronization

/// Holds the threads of a burst until every connection is ready to send.
final class BurstBarrier: Sendable {
    private struct State {
        var arrived = 0
        var failure: TransportError?
    }

    private let width: Int
    private let deadline: ContinuousClock.Instant
    private let stopFlag: StopFlag?
    private let state = Mutex(State())
    private let changed = NSCondition()

    /// - Parameters:
    ///   - width: the number of connections to wait for.
    ///   - timeout: how long they may take, starting now.
    ///   - stopFlag: ends the wait once it is set.
    init(width: Int, timeout: Duration, stopFlag: StopFlag?) {
        self.width = width
        deadline = ContinuousClock.now + timeout
        self.stopFlag = stopFlag
    }

    /// Why the burst was not released; nil if it was, or if nothing has failed yet.
    var failure: TransportError? { state.withLock { $0.failure } }

    /// Waits until all connections have arrived.
    ///
    /// - Returns: false if one of them failed; nothing must be sent then.
    func arrive() -> Bool {
        changed.lock()
        defer { changed.unlock() }
        state.withLock { $0.arrived += 1 }
        changed.broadcast()
        while true {
            let (arrived, failure) = state.withLock { ($0.arrived, $0.failure) }
            if failure != nil { return false }
            if arrived == width { return true }
            if stopFlag?.isSet == true {
                fail(locked: TransportError(.stopped, "the run was stopped before all connections were open"))
            } else if ContinuousClock.now >= deadline {
                fail(
                    locked: TransportError(.timeout, "\(width - arrived) of \(width) connections did not open in time")
                )
            } else {
                _ = changed.wait(until: Date(timeIntervalSinceNow: 0.1))
            }
        }
    }

    /// Releases the others without sending. The first failure is kept.
    func fail(_ error: TransportError) {
        changed.lock()
        fail(locked: error)
        changed.unlock()
    }

    private func fail(locked error: TransportError) {
        state.withLock { if $0.failure == nil { $0.failure = error } }
        changed.broadcast()
    }
}
