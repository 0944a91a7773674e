import Synchronization

/// Asks a run to end early and report what it has.
package final class StopRequest: Sendable {
    private let isRaisedHere = Atomic<Bool>(false)
    private let isAskedElsewhere: @Sendable () -> Bool

    /// - Parameter isAskedElsewhere: looked at some fifty times a second by each thread, such as a signal's flag.
    package init(or isAskedElsewhere: @escaping @Sendable () -> Bool = { false }) {
        self.isAskedElsewhere = isAskedElsewhere
    }

    package var isRaised: Bool { isRaisedHere.load(ordering: .relaxed) || isAskedElsewhere() }

    package func raise() { isRaisedHere.store(true, ordering: .relaxed) }
}
