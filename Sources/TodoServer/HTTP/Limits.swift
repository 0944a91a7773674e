import NIOCore

/// What a client may take of the server: bytes and time.
package struct Limits: Sendable {
    /// Bytes of a request's body.
    package var body = 64 * 1024
    /// Bytes of a request's field lines together.
    package var head = 32 * 1024
    /// From a request's first byte to the end of its head.
    package var headTime: TimeAmount = .seconds(10)
    /// From the end of the head to the end of the body.
    package var bodyTime: TimeAmount = .seconds(20)
    /// How long a connection may be idle.
    package var idleTime: TimeAmount = .seconds(75)
    /// Bytes a second that a client must take of a response that waits for it; 0 for any progress at all.
    package var readRate = 1024
    /// The time over which the rate is averaged.
    package var readWindow: TimeAmount = .seconds(20)
    /// Bytes that all connections together may hold: requests that are not answered yet, and responses that clients have
    /// not taken.
    package var memory = 256 * mebibyte
    /// How long what a client still sends is read and thrown away, so that it gets to read the answer.
    package var lingerTime: TimeAmount = .seconds(2)
    /// When the server stops: how long an idle connection stays for a request that is on its way.
    package var drainTime: TimeAmount = .milliseconds(100)

    /// When the server stops: how long requests in flight may take, all in all.
    package var drainLimit: TimeAmount = .seconds(10)

    /// How long a request waits for the database.
    package var database = DatabaseTimes()

    package init() {}

    package static let mebibyte = 1024 * 1024
}
