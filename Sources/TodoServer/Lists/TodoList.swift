import NIOCore

/// A user's list as it is sent, and where it came from.
package struct TodoList: Sendable {
    package enum Origin: Sendable, Equatable {
        case cache(secondsLeft: Int64)
        case database(isStored: Bool)
        /// From the database, by a read shared with another request.
        case shared
        /// From the database, because the cache is unavailable.
        case bypass
    }

    /// The JSON array.
    package var json: ByteBuffer
    package var origin: Origin
}
