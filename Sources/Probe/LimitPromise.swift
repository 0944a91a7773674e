/// What a response says about the limit.
///
/// `Retry-After` is from RFC 9110 section 10.2.3. The others are from draft-ietf-httpapi-ratelimit-headers, in the older
/// form with a field for each number and in the newer with parameters, and from the `X-` fields that preceded it.
package struct LimitPromise: Equatable, Sendable {
    /// Seconds until a request is admitted again.
    package var retryAfter: Double?
    package var limit: Int?
    package var remaining: Int?
    /// Seconds until the quota is reset.
    package var reset: Double?

    package init(retryAfter: Double? = nil, limit: Int? = nil, remaining: Int? = nil, reset: Double? = nil) {
        self.retryAfter = retryAfter
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }

    /// Seconds since 1970 rather than seconds from now: some servers send a date.
    private static let earliestDate = 1e9

    package init(fields: [(name: String, value: String)]) {
        for field in fields {
            switch field.name.lowercased() {
            case "retry-after": retryAfter = Double(field.value)
            case "ratelimit-limit", "x-ratelimit-limit", "x-rate-limit-limit": limit = Self.leadingCount(field.value)
            case "ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining":
                remaining = Self.leadingCount(field.value)
            case "ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset":
                reset = Double(field.value).flatMap { $0 < Self.earliestDate ? $0 : nil }
            case "ratelimit":
                remaining = Self.parameter("r", of: field.value) ?? remaining
                reset = Self.parameter("t", of: field.value).map(Double.init) ?? reset
            case "ratelimit-policy": limit = Self.parameter("q", of: field.value) ?? limit
            default: break
            }
        }
    }

    private static func leadingCount(_ text: String) -> Int? { Int(text.prefix { $0.isASCII && $0.isNumber }) }

    private static func parameter(_ name: String, of text: String) -> Int? {
        for part in text.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].drop(while: { $0 == " " }) == name else { continue }
            return leadingCount(String(pair[1]))
        }
        return nil
    }
}
