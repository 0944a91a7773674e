import Synchronization

/// Counts open connections, in total and per address, against their limits.
package final class ConnectionCount: Sendable {
    /// What happens to a new connection.
    package enum Place: Sendable, Equatable {
        case served
        /// It is over a limit: answer 503 and close.
        case refused
        /// So many are over a limit that not even an answer can be afforded: each has a file open until it is sent.
        case dropped
    }

    /// How many connections over a limit are still answered.
    private static let answeredExcess = 64

    private let limit: Int
    private let limitPerAddress: Int
    private let count = Atomic<Int>(0)
    private let addresses = Mutex<[ClientAddress: Int]>([:])
    let counters: ConnectionCounters

    /// - Parameter limitPerAddress: of one client address; nil for no such limit.
    package init(limit: Int, limitPerAddress: Int? = nil, metrics: Metrics = Metrics()) {
        self.limit = limit
        self.limitPerAddress = limitPerAddress ?? .max
        counters = ConnectionCounters(in: metrics)
    }

    /// Counts a new connection, which counts until it is closed even if it is refused.
    /// - Parameter address: nil for a trusted proxy, whose connections belong to many clients.
    package func open(from address: ClientAddress?) -> Place {
        let total = count.add(1, ordering: .relaxed).newValue
        let own = address.map { address in
            addresses.withLock { addresses in
                addresses[address, default: 0] += 1
                return addresses[address, default: 0]
            }
        }
        if let own, own > limitPerAddress {
            counters.refusedOfAddress.add()
            return own - limitPerAddress > Self.answeredExcess ? .dropped : .refused
        }
        guard total > limit else { return .served }
        counters.refused.add()
        return total - limit > Self.answeredExcess ? .dropped : .refused
    }

    package func close(from address: ClientAddress?) {
        count.subtract(1, ordering: .relaxed)
        guard let address else { return }
        addresses.withLock { addresses in
            let rest = addresses[address, default: 0] - 1
            addresses[address] = rest > 0 ? rest : nil
        }
    }

    package var current: Int { count.load(ordering: .relaxed) }

    /// How many addresses are remembered, for tests.
    var addressCount: Int { addresses.withLock(\.count) }
}
