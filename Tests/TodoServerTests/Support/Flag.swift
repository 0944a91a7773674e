import Synchronization

/// Tells tasks to finish. Cancelling a task instead would abort the response that it waits for.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    func raise() {
        value.store(true, ordering: .relaxed)
    }

    var isRaised: Bool { value.load(ordering: .relaxed) }
}
