import NIOCore

/// Time limits for a database call. `begin` and `total` count from the moment of the call.
package struct DatabaseTimes: Sendable {
    /// Work that has not begun after this time is dropped.
    package var begin: TimeAmount = .seconds(2)
    /// PostgreSQL cancels a statement that takes longer and rolls it back. The statement begins within `begin`, so its
    /// end is known within `total`.
    package var statement: TimeAmount = .milliseconds(2500)
    /// The caller gets a result within this time. Whether a write that is still running takes effect is unknown.
    package var total: TimeAmount = .seconds(5)

    package init() {}
}
