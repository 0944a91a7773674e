import Synchronization

/// Counts open connections, in total and per address, and applies the limits.
package final class ConnectionCount: Sendable {
    /// What to do with a new connection.
    package enum Place: Sendable, Equatable {
        case served
        /// Over a limit: send 503 and close.
        case refused
        /// Far over a limit: close without a response, because each response keeps a file open until it is sent.
        case dropped
    }

    /// The number of connections over a limit that still get a response.
    private static let answeredExcess = 64

    private let limit: Int
    private let limitPerAddress: Int
    private let count = Atomic<Int>(0)
    private let addresses = Mutex<[ClientAddress: Int]>([:])
    let counters: ConnectionCounters

    /// - Parameter limitPerAddress: limit for one client address; nil for none.
    package init(limit: Int, limitPerAddress: Int? = nil, metrics: Metrics = Metrics()) {
        self.limit = limit
        self.limitPerAddress = limitPerAddress ?? .max
        counters = ConnectionCounters(in: metrics)
    }

    /// Counts a new connection. Even a refused one counts until it is closed.
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

    /// The number of addresses with open connections, for tests.
    var addressCount: Int { addresses.withLock(\.count) }
}
