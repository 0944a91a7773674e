/// A read that does not show what was acknowledged before it was sent.
package struct StaleRead: Equatable, Sendable {
    /// For a set, `value` is the element that it should or should not have shown.
    package var read: RegisterHistory.Access
    /// The write that the read should have shown, or a later one.
    package var write: RegisterHistory.Access
    /// How long the value had been out of date, in nanoseconds: the least and the most.
    package var age: ClosedRange<Int64> {
        let least = read.interval.sent - write.interval.received
        return least...max(least, read.interval.received - write.interval.sent)
    }
}
