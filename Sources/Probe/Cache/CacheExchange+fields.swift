/// The fields of RFC 9111 and RFC 9110 that describe a cached response.
extension CacheExchange {
    /// Seconds since the response was generated or validated (RFC 9111 section 5.1).
    var age: Int? { field("Age").flatMap { Int($0) } }

    var etag: String? { field("ETag") }

    /// Seconds to wait before another request (RFC 9110 section 10.2.3).
    var retryAfter: Double? { field("Retry-After").flatMap(Double.init).flatMap { $0 >= 0 ? $0 : nil } }

    /// The directives of `Cache-Control`, in lower case.
    var cacheDirectives: [String] {
        fields.filter { $0.name.lowercased() == "cache-control" }
            .flatMap { $0.value.lowercased().split(separator: ",") }
            .map { $0.filter { $0 != " " && $0 != "\"" } }
    }

    /// Seconds for which the response is fresh. For shared caches `s-maxage` overrides `max-age`.
    var maxAge: Int? { directive("s-maxage") ?? directive("max-age") }

    /// The names in `Vary`, in lower case.
    var varies: Set<String> {
        Set(
            fields.filter { $0.name.lowercased() == "vary" }
                .flatMap { $0.value.lowercased().split(separator: ",") }
                .map { $0.filter { $0 != " " } })
    }

    private func directive(_ name: String) -> Int? {
        for directive in cacheDirectives where directive.hasPrefix(name + "=") {
            return Int(directive.dropFirst(name.count + 1))
        }
        return nil
    }
}
