import NIOCore

/// What a cache has for a user.
package enum CacheLookup: Sendable, Equatable {
    /// The list, and for how many more seconds it may be served.
    case hit(ByteBuffer, secondsLeft: Int64)
    /// No list. The lease is that of a reader that is about to store one, if any.
    case miss(CacheLease?)
    /// The cache is unavailable. Read the database.
    case unavailable
}
