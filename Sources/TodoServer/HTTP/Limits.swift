import NIOCore

/// Limits on the bytes and time that a client may use.
package struct Limits: Sendable {
    /// Maximum bytes of a request body.
    package var body = 64 * 1024
    /// Maximum bytes of all field lines of a request.
    package var head = 32 * 1024
    /// Time from a request's first byte to the end of its head.
    package var headTime: TimeAmount = .seconds(10)
    /// Time from the end of the head to the end of the body.
    package var bodyTime: TimeAmount = .seconds(20)
    /// Maximum idle time of a connection.
    package var idleTime: TimeAmount = .seconds(75)
    /// Minimum bytes per second that a client must read of a pending response; 0 accepts any progress.
    package var readRate = 1024
    /// The time over which `readRate` is averaged.
    package var readWindow: TimeAmount = .seconds(20)
    /// Maximum bytes that all connections together may hold: requests without a response yet, and responses that
    /// clients have not read.
    package var memory = 256 * mebibyte
    /// How long to read and discard input after the last response, so that the client can read that response.
    package var lingerTime: TimeAmount = .seconds(2)
    /// On shutdown: how long an idle connection stays open for a request that is already on its way.
    package var drainTime: TimeAmount = .milliseconds(100)
    /// On shutdown: total time for requests in flight to finish.
    package var drainLimit: TimeAmount = .seconds(10)

    package init() {}

    package static let mebibyte = 1024 * 1024
}
