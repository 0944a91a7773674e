import Synchronization

/// The environment that template functions can access.
///
/// Templates do no I/O themselves: whoever runs the scenario supplies the file reader and the clock.
package final class TemplateContext: Sendable {
    private let counters: TemplateCounters
    /// Reads a file by its path relative to the scenario.
    let readFile: @Sendable (String) throws -> [UInt8]
    let environment: [String: String]
    /// Seconds since 1970-01-01T00:00:00Z.
    let now: @Sendable () -> Double
    /// The number of this iteration, from 0.
    package let iteration: Int
    /// The number of the virtual user, from 0.
    package let virtualUser: Int

    package init(
        environment: [String: String] = [:], iteration: Int = 0, virtualUser: Int = 0,
        counters: TemplateCounters = TemplateCounters(), now: @escaping @Sendable () -> Double,
        readFile: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.environment = environment
        self.iteration = iteration
        self.virtualUser = virtualUser
        self.counters = counters
        self.now = now
        self.readFile = readFile
    }

    /// Reads a file for a request.
    func read(_ path: String) throws(TemplateError) -> [UInt8] {
        do { return try readFile(path) } catch {
            throw .unreadable(path, reason: "\(error)")
        }
    }

    func nextCount(of name: String) -> Int { counters.next(name) }
}

/// The counters behind `counter()`.
package final class TemplateCounters: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    package init() {}

    /// The next number for a name: 1, then 2, and so on, counted separately for each name.
    package func next(_ name: String) -> Int {
        counts.withLock { counts in
            counts[name, default: 0] += 1
            return counts[name, default: 0]
        }
    }
}
