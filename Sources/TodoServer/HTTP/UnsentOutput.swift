import NIOCore

/// Tracks output that a connection has written and its client has not taken yet. A value.
///
/// A client must keep reading. While output is pending, time is divided into windows, and in each window the client
/// must take as much as the minimum rate requires.
struct UnsentOutput {
    private struct Window {
        var ends: NIODeadline
        /// Bytes that the client had taken when the window began.
        var taken: Int
    }

    /// About the longest piece written at once, including the head. A buffer is kept until its last byte is sent.
    private static let slack = 32 * 1024
    /// Asking a socket what it had no room for costs as much as a tenth of a response, so it is asked once in this many
    /// bytes.
    private static let unchecked = 8 * 1024

    /// Bytes written since the connection began.
    private(set) var written = 0
    /// Bytes that the socket has not taken.
    private(set) var unsent = 0
    /// Bytes written when the socket was last asked.
    private var checked = 0
    /// Memory of what was written since the last time that nothing was unsent.
    private var kept = 0
    private var window: Window?

    /// Bytes of memory held, not counting shared bodies.
    var memory: Int { unsent == 0 ? 0 : min(kept, unsent + Self.slack) }

    mutating func wrote(_ bytes: Int, memory: Int) {
        written += bytes
        kept += memory
    }

    /// Whether the socket is to be asked how much is unsent: something was, or enough was written since.
    var needsCheck: Bool { unsent > 0 || written - checked >= Self.unchecked }

    mutating func update(unsent: Int) {
        self.unsent = unsent
        checked = written
        guard unsent == 0 else { return }
        kept = 0
        window = nil
    }

    /// The end of the current window; nil if there is none.
    var deadline: NIODeadline? { window?.ends }

    /// Begins a new window.
    /// - Parameter inKernel: bytes that the socket took and the client has not acknowledged.
    mutating func beginWindow(now: NIODeadline, length: TimeAmount, inKernel: Int) {
        window = Window(ends: now + length, taken: written - unsent - inKernel)
    }

    /// Bytes that the client has taken since the window began.
    func taken(inKernel: Int) -> Int {
        written - unsent - inKernel - (window?.taken ?? 0)
    }
}
