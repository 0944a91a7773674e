import Synchronization

/// Hands out addresses in 127.0.0.0/8, so that concurrent scenarios never share a per-address limit.
package final class LoopbackAddresses: Sendable {
    private let next: Mutex<UInt32>

    /// Starts at a random address, so that a run right after another does not meet the limits that it used up.
    package init() { next = Mutex(UInt32.random(in: 0..<Self.count)) }

    /// The number of addresses from 127.1.0.0 to 127.254.255.255. 127.0.0.0/16 is left for other use.
    private static let count: UInt32 = 254 << 16

    package func take() -> String {
        let number = next.withLock { next in
            defer { next = (next + 1) % Self.count }
            return next
        }
        return "127.\(1 + number >> 16).\(number >> 8 & 255).\(number & 255)"
    }
}
