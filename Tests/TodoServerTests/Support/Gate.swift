/// Where something stops until a test lets it go on.
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
