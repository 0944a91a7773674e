import ScenarioRunner

/// Something that a test waited for did not happen in time.
package struct NeverHappened: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// Polls until a condition holds. The default time limit allows for a busy machine.
package func waitUntil(
    _ what: String, within time: Duration = .seconds(20), _ holds: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + time
    while try await !holds() {
        guard ContinuousClock.now < deadline else { throw NeverHappened(description: "\(what), within \(time)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// A loopback port on which nothing listens.
package func freePort() throws -> Int { try FreePort.find() }
