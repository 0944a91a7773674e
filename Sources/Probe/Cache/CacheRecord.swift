/// What the probe of a cache has seen so far.
struct CacheRecord: Sendable {
    /// The requests sent.
    private(set) var count = 0
    private(set) var reads: [CacheSighting] = []
    /// When each acknowledged write was acknowledged.
    private(set) var acknowledged: [Int: Double] = [:]
    /// The experiments that have ended.
    var trials: [CacheTrial] = []
    private(set) var hasServerError = false
    private(set) var denials = 0
    /// Failures of the primary user since its last success.
    private(set) var failures = 0
    private(set) var writeDurations: [Double] = []
    private(set) var end = 0.0

    /// Takes the exchanges of a volley.
    ///
    /// - Returns: for each exchange the sighting, if it is a successful read.
    mutating func append(_ exchanges: [CacheExchange]) -> [CacheSighting?] {
        count += exchanges.count
        var sightings: [CacheSighting?] = Array(repeating: nil, count: exchanges.count)
        for (index, exchange) in exchanges.enumerated().sorted(by: { $0.element.received < $1.element.received }) {
            end = max(end, exchange.received)
            switch exchange.outcome {
            case .serverError: hasServerError = true
            case .denied: denials += 1
            case .failed: failures += exchange.user == 0 ? 1 : 0
            case .notModified: failures = 0
            case .succeeded:
                if exchange.user == 0 { failures = 0 }
                sightings[index] = take(exchange)
            }
        }
        return sightings
    }

    private mutating func take(_ exchange: CacheExchange) -> CacheSighting? {
        if case .write(let number) = exchange.action {
            acknowledged[number] = exchange.received
            writeDurations.append(exchange.duration)
            return nil
        }
        let version = exchange.shows.max() ?? 0
        let sighting = CacheSighting(
            exchange: exchange, version: version, acknowledged: latest(before: exchange.sent),
            isFirst: version > 0 && !reads.contains { $0.version >= version },
            isForeign: version == 0 && reads.contains { $0.user == exchange.user && $0.version > 0 },
            previous: reads.last.map { ($0.sent, $0.isFirst) })
        reads.append(sighting)
        return sighting
    }

    /// The latest write acknowledged before this instant.
    private func latest(before instant: Double) -> Int {
        acknowledged.filter { $0.value <= instant }.keys.max() ?? 0
    }

    /// The plain reads of the primary user.
    var primaryReads: [CacheSighting] { reads.filter { $0.user == 0 && $0.exchange.action == .read } }

    /// The latest value that any read has shown.
    var latestShown: Int { reads.map(\.version).max() ?? 0 }

    /// The longest of the usual durations of a read, in seconds.
    var roundTrip: Double {
        let durations = reads.map(\.exchange.duration).sorted()
        return durations.isEmpty ? 0.01 : durations[durations.count * 9 / 10]
    }
}
