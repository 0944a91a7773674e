import Foundation

extension HitSignal {
    /// Reads that should be hits or misses if there is a cache.
    struct Samples {
        /// Stale reads, and reads that repeat another at once.
        var hits: [CacheExchange] = []
        /// Reads that showed a value for the first time.
        var misses: [CacheExchange] = []
        /// Stale reads: certainly hits.
        var stale: [CacheExchange] = []
        /// All reads of the primary user.
        var all: [CacheExchange] = []
    }

    /// The fewest samples of each kind that make a pattern.
    private static let fewest = 4
    /// Fields that change for other reasons.
    private static let ignored: Set<String> = [
        "date", "etag", "last-modified", "content-length", "age", "expires", "cache-control", "retry-after",
        "connection", "keep-alive",
    ]

    /// The clearest signal in these samples.
    static func find(_ samples: Samples) -> HitSignal? {
        let headers = Set(samples.all.flatMap { $0.fields.map { $0.name } }).sorted()
            .filter { !ignored.contains($0.lowercased()) }
        let markers = Set(samples.all.flatMap { $0.markers.keys }).sorted()
        let headerNames = headers.reduce(into: [String]()) { names, name in
            if !names.contains(where: { $0.lowercased() == name.lowercased() }) { names.append(name) }
        }
        let named = headerNames.map(Source.header) + markers.map(Source.marker)
        for source in named { if let signal = spoken(source, samples) { return signal } }
        if let signal = age(samples) { return signal }
        for source in named { if let signal = pattern(source, samples) { return signal } }
        return time(samples)
    }

    /// A field whose values are words for hits and misses.
    private static func spoken(_ source: Source, _ samples: Samples) -> HitSignal? {
        var signal = HitSignal(source: source)
        for exchange in samples.all {
            guard let value = source.value(exchange), let isHit = source.isHit(value) else { continue }
            if isHit { signal.hits.insert(value) } else { signal.misses.insert(value) }
        }
        guard !signal.hits.isEmpty, !signal.misses.isEmpty,
            !samples.stale.contains(where: { signal.isHit($0) == false })
        else { return nil }
        // A member of the body may mean something else: the pattern must agree.
        if case .marker = source, !signal.agrees(with: samples) { return nil }
        return signal
    }

    /// A field with one value for hits and another for misses.
    private static func pattern(_ source: Source, _ samples: Samples) -> HitSignal? {
        guard samples.hits.count >= fewest, samples.misses.count >= fewest,
            Set(samples.all.map { source.value($0) ?? absent }).count <= 3
        else { return nil }
        let hits = Dictionary(grouping: samples.hits) { source.value($0) ?? absent }
        let misses = Dictionary(grouping: samples.misses) { source.value($0) ?? absent }
        guard let hit = hits.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })?.key,
            let miss = misses.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })?.key, hit != miss
        else { return nil }
        let signal = HitSignal(source: source, hits: [hit], misses: [miss], isWeak: true)
        return signal.agrees(with: samples) ? signal : nil
    }

    private static func age(_ samples: Samples) -> HitSignal? {
        let positive = samples.all.filter { ($0.age ?? 0) > 0 }
        guard positive.count >= 2, samples.misses.count >= fewest,
            !samples.misses.contains(where: { ($0.age ?? 0) > 0 })
        else { return nil }
        // A repeated read can be a miss if the entry expires in between.
        let isAbsent =
            samples.misses.allSatisfy { $0.age == nil }
            && samples.hits.count { $0.age != nil } * 10 >= samples.hits.count * 9
        return HitSignal(source: .age, isAbsentOnMiss: isAbsent && samples.hits.count >= fewest)
    }

    /// Hits must be much shorter than misses.
    private static func time(_ samples: Samples) -> HitSignal? {
        let hits = samples.hits.map(\.duration).sorted()
        let misses = samples.misses.map(\.duration).sorted()
        guard hits.count >= 8, misses.count >= 6 else { return nil }
        // One outlier in ten is allowed on either side.
        let longest = hits[hits.count * 9 / 10]
        let shortest = misses[misses.count / 10]
        guard shortest > 2 * longest else { return nil }
        let ratio = shortest / longest
        return HitSignal(
            source: .time, durations: (longest * pow(ratio, 0.4))...(longest * pow(ratio, 0.6)), isWeak: true)
    }

    /// Whether nearly all samples are classified as expected.
    private func agrees(with samples: Samples) -> Bool {
        guard samples.hits.count >= Self.fewest, samples.misses.count >= Self.fewest else { return false }
        let right = samples.hits.count { isHit($0) == true }
        let found = samples.misses.count { isHit($0) == false }
        return right * 10 >= samples.hits.count * 9 && found * 10 >= samples.misses.count * 8
    }
}

extension HitSignal.Source {
    func value(_ exchange: CacheExchange) -> String? {
        switch self {
        case .header(let name): exchange.field(name)
        case .marker(let name): exchange.markers[name]
        case .age, .time: nil
        }
    }

    fileprivate func isHit(_ value: String) -> Bool? {
        switch self {
        case .header(let name): CacheVocabulary.isHit(header: name, value: value)
        case .marker(let name): CacheVocabulary.isHit(marker: name, value: value)
        case .age, .time: nil
        }
    }
}
