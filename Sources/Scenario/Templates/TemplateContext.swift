import Synchronization

/// What template functions may ask of the world.
///
/// The language does no I/O of its own: whoever runs a scenario says how a file is read and what the time is.
package final class TemplateContext: Sendable {
    private let counters: TemplateCounters
    /// Reads a file by a path relative to the scenario's own.
    let readFile: @Sendable (String) throws -> [UInt8]
    let environment: [String: String]
    /// Seconds since 1970-01-01T00:00:00Z.
    let now: @Sendable () -> Double
    /// Which run of the steps this is, from 0.
    package let iteration: Int
    /// Which virtual user runs them, from 0.
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

    /// A file that a request is made of.
    func read(_ path: String) throws(TemplateError) -> [UInt8] {
        do { return try readFile(path) } catch {
            throw .unreadable(path, reason: "\(error)")
        }
    }

    func nextCount(of name: String) -> Int { counters.next(name) }
}

/// What `counter()` has counted so far.
package final class TemplateCounters: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    package init() {}

    /// 1, then 2, …, for each name apart.
    func next(_ name: String) -> Int {
        counts.withLock { counts in
            counts[name, default: 0] += 1
            return counts[name, default: 0]
        }
    }
}
