/// Counts served lists by cache result.
struct CacheCounters: Sendable {
    let hits: Counter
    let misses: Counter
    let bypasses: Counter

    init(in metrics: Metrics) {
        func counter(_ result: String) -> Counter {
            metrics.counter(
                "todo_cache_requests_total", "Lists served, by cache result; bypass: the cache was unavailable.",
                labels: ["result": result])
        }
        hits = counter("hit")
        misses = counter("miss")
        bypasses = counter("bypass")
    }
}
