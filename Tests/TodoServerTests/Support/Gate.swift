import TestSupport

/// A point where code waits until the test opens the gate.
final class Gate: Sendable {
    private let reached = Flag()
    private let opened = Flag()

    var isReached: Bool { reached.isRaised }

    func open() { opened.raise() }

    func pass() async throws {
        reached.raise()
        try await waitUntil("the gate is opened") { opened.isRaised }
    }
}
