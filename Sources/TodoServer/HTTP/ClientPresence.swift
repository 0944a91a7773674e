import NIOCore
import Synchronization

/// Whether a connection's client is still connected. Work that has not begun for a client that left is dropped.
package final class ClientPresence: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case here
        /// The client has closed its sending side. It may have left, or may still be waiting for the response.
        case silent
        case gone
    }

    /// How long work may wait to begin for a client that has closed its sending side.
    ///
    /// While the database keeps up, such a client is served like any other.
    package static let silentPatience = TimeAmount.milliseconds(250)

    private let state = Atomic(State.here)

    package init() {}

    func closeInput() {
        _ = state.compareExchange(expected: .here, desired: .silent, ordering: .relaxed)
    }

    func leave() {
        state.store(.gone, ordering: .relaxed)
    }

    /// Whether work that has waited this long is still wanted.
    package func wants(after waited: TimeAmount) -> Bool {
        switch state.load(ordering: .relaxed) {
        case .here: true
        case .silent: waited < Self.silentPatience
        case .gone: false
        }
    }
}
