@testable import Load

/// One object behind a cache in the simulated server. A write sets the value and drops the cached one; a read that
/// misses takes the stored value and caches it.
final class SimulatedCache {
    /// How long a read that missed takes to fill the cache. Zero for a correct cache; otherwise a write in between is
    /// followed by the old value.
    let refill: Nanoseconds
    private var stored = "\"initial\""
    private var cached: String?
    private var fills: [(at: Nanoseconds, value: String)] = []

    init(refill: Nanoseconds = 0) { self.refill = refill }

    /// - Parameter body: of the request; empty for a read.
    func treat(_ request: SimulatedServer.Request, after work: Nanoseconds) -> SimulatedServer.Treatment {
        for fill in fills where fill.at <= request.time { cached = fill.value }
        fills.removeAll { $0.at <= request.time }
        let body = String(decoding: request.bytes, as: UTF8.self).split(separator: "\r\n\r\n").dropFirst().first
        if let body {
            stored = String(body)
            cached = nil
            return .respond(after: work, body: stored)
        }
        if let cached { return .respond(after: work, body: cached) }
        if refill == 0 { cached = stored } else { fills.append((request.time + refill, stored)) }
        return .respond(after: work, body: stored)
    }
}
