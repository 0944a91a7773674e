/// How to tell a hit from a miss.
struct HitSignal: Equatable, Sendable {
    enum Source: Equatable, Sendable {
        case header(String)
        case marker(String)
        case age
        case time
    }

    let source: Source
    /// Values that stand for a hit and for a miss. For sources with values.
    var hits: Set<String> = []
    var misses: Set<String> = []
    /// Seconds: hits are shorter than the first and misses longer than the second. For time.
    var durations: ClosedRange<Double> = 0...0
    /// Whether it could have another cause than a cache: only the pattern of its values suggests one.
    var isWeak = false
    /// For Age: whether misses lack it.
    var isAbsentOnMiss = false

    /// Whether a read was a hit; nil if it does not show.
    ///
    /// - Parameter elapsed: the least age of the entry under test in seconds, if it is known.
    func isHit(_ exchange: CacheExchange, elapsed: Double? = nil) -> Bool? {
        switch source {
        case .header(let name):
            return value(exchange.field(name)) { CacheVocabulary.isHit(header: name, value: $0) }
        case .marker(let name):
            return value(exchange.markers[name]) { CacheVocabulary.isHit(marker: name, value: $0) }
        case .age:
            // An entry this old would have a greater age.
            let isMiss = elapsed.map { $0 > 1.5 } == true ? false : nil as Bool?
            guard let age = exchange.age else { return isAbsentOnMiss ? false : isMiss }
            return age > 0 || isAbsentOnMiss ? true : isMiss
        case .time:
            if exchange.duration <= durations.lowerBound { return true }
            return exchange.duration >= durations.upperBound ? false : nil
        }
    }

    private func value(_ value: String?, spoken: (String) -> Bool?) -> Bool? {
        let value = value ?? Self.absent
        if hits.contains(value) { return true }
        if misses.contains(value) { return false }
        // A value with parameters, such as `todos; hit; ttl=4` (RFC 9211), differs each time.
        return isWeak ? nil : spoken(value)
    }

    /// Stands for a field that is absent.
    static let absent = "absent"

    var description: String {
        switch source {
        case .header(let name): "header \(name)\(hitText)"
        case .marker(let name): "field \(name)\(hitText)"
        case .age: "Age"
        case .time: "time"
        }
    }

    /// `=HIT`, or ` contains hit` for a value that says more.
    private var hitText: String {
        let value = hits.sorted().first ?? ""
        guard !isWeak, let word = CacheVocabulary.hitWord(in: value), word != value else { return "=\(value)" }
        return " contains \(word)"
    }

    /// Whether it is exact even for requests sent at the same time.
    var isExact: Bool {
        switch source {
        case .header, .marker: !isWeak
        case .age, .time: false
        }
    }
}
