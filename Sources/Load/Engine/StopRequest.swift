import Synchronization

/// A request for a run to end early and report its results so far.
package final class StopRequest: Sendable {
    private let isRaisedHere = Atomic<Bool>(false)
    private let isAskedElsewhere: @Sendable () -> Bool

    /// - Parameter isAskedElsewhere: another source of the request, such as a signal's flag. Each thread polls it about
    ///   fifty times a second.
    package init(or isAskedElsewhere: @escaping @Sendable () -> Bool = { false }) {
        self.isAskedElsewhere = isAskedElsewhere
    }

    package var isRaised: Bool { isRaisedHere.load(ordering: .relaxed) || isAskedElsewhere() }

    package func raise() { isRaisedHere.store(true, ordering: .relaxed) }
}
