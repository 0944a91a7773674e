import NIOCore

/// How long a request waits for the database, all counted from the moment it asks.
package struct DatabaseTimes: Sendable {
    /// Work that has not begun by then is not done at all.
    package var begin: TimeAmount = .seconds(2)
    /// PostgreSQL ends a statement that takes longer, and undoes it. It begins within `begin`, so its end is known before
    /// `total` is over.
    package var statement: TimeAmount = .milliseconds(2500)
    /// The caller has a result by then. Whether a write that still runs takes effect is unknown.
    package var total: TimeAmount = .seconds(5)

    package init() {}
}
