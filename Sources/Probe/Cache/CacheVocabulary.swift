/// The words with which caches call hits and misses.
package enum CacheVocabulary {
    private static let hits: Set<String> = ["hit", "stale", "updating", "revalidated", "cached"]
    private static let misses: Set<String> = ["miss", "expired", "bypass", "dynamic", "uncached", "fwd"]
    private static let cacheSources: Set<String> = ["cache", "redis", "memory", "memcached"]
    private static let originSources: Set<String> = [
        "origin", "database", "db", "store", "upstream", "backend", "live",
    ]

    /// Whether a field of the response says hit; nil if it says neither.
    static func isHit(header name: String, value: String) -> Bool? {
        let name = name.lowercased()
        guard name.contains("cache"), name != "cache-control" else { return nil }
        if name == "x-cache-hits" { return Int(value).map { $0 > 0 } }
        let words = words(value)
        // With several caches in a row, one hit suffices.
        if !words.isDisjoint(with: hits) { return true }
        return words.isDisjoint(with: misses) ? nil : false
    }

    /// Whether a member of the body says hit; nil if it says neither.
    package static func isHit(marker name: String, value: String) -> Bool? {
        let words = words(value)
        if let flag = Bool(value.lowercased()) {
            let name = name.lowercased()
            return name.contains("cache") || name.contains("hit") ? flag : nil
        }
        if !words.isDisjoint(with: hits.union(cacheSources)) { return true }
        return words.isDisjoint(with: misses.union(originSources)) ? nil : false
    }

    /// The word of a value that says hit, as it is written there.
    static func hitWord(in value: String) -> String? {
        value.split { !$0.isLetter && !$0.isNumber }.map(String.init)
            .first { hits.union(cacheSources).contains($0.lowercased()) }
    }

    private static func words(_ text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }
}
