import NIOCore
import Synchronization

/// Whether a connection's client is still there. Work that waits to begin for a client that has left is dropped.
package final class ClientPresence: Sendable {
    private enum State: UInt8, AtomicRepresentable {
        case here
        /// It has closed its side. Whether it still reads cannot be known: most have left, some have said all they had
        /// to say.
        case silent
        case gone
    }

    /// Work for a client that has closed its side may wait this long. While the database keeps up, such a client is served
    /// like any other.
    package static let silentPatience = TimeAmount.milliseconds(250)

    private let state = Atomic(State.here)

    package init() {}

    func closeInput() {
        _ = state.compareExchange(expected: .here, desired: .silent, ordering: .relaxed)
    }

    func leave() {
        state.store(.gone, ordering: .relaxed)
    }

    /// Whether work that has waited this long is still to be done.
    package func wants(after waited: TimeAmount) -> Bool {
        switch state.load(ordering: .relaxed) {
        case .here: true
        case .silent: waited < Self.silentPatience
        case .gone: false
        }
    }
}

extension Request {
    /// Runs what serves this request, on behalf of its client.
    func serving<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        guard let presence else { return try await body() }
        return try await Demand.$current.withValue(Demand(isWanted: presence.wants), operation: body)
    }
}
