import Synchronization

/// Hands out addresses in 127.0.0.0/8, each once, so that scenarios side by side never share a limit per address.
package final class LoopbackAddresses: Sendable {
    private let next: Mutex<UInt32>

    /// Starts at a random place: a run right after another must not meet the limits that the other used up.
    package init() { next = Mutex(UInt32.random(in: 0..<Self.count)) }

    /// 127.1.0.0 to 127.254.255.255; 127.0.0.0/16 is left to people.
    private static let count: UInt32 = 254 << 16

    package func take() -> String {
        let number = next.withLock { next in
            defer { next = (next + 1) % Self.count }
            return next
        }
        return "127.\(1 + number >> 16).\(number >> 8 & 255).\(number & 255)"
    }
}
