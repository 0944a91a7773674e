import Synchronization

/// Tells tasks to come to an end by themselves. Cancelling one would cut off the answer that it waits for.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    func raise() {
        value.store(true, ordering: .relaxed)
    }

    var isRaised: Bool { value.load(ordering: .relaxed) }
}
