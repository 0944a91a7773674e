/// The number of requests admitted per window, such as `5/10s`.
package struct RateLimitPolicy: Sendable, Equatable {
    /// The kind of window.
    package enum Kind: String, Sendable, CaseIterable {
        /// Opens with the first request and ends one window length later.
        case fixedWindow = "fixed-window"
        /// Any interval of one window length. Unlike fixed windows, it does not allow a burst of twice the limit.
        case slidingWindow = "sliding-window"
    }

    /// Limits allowed for a sliding window, which stores every admission.
    package static let slidingLimits = 1...10_000

    package var limit: Int
    package var windowSeconds: Int
    package var kind: Kind

    package var windowMilliseconds: Int64 { Int64(windowSeconds) * 1000 }

    package init(limit: Int, windowSeconds: Int, kind: Kind = .fixedWindow) {
        self.limit = limit
        self.windowSeconds = windowSeconds
        self.kind = kind
    }

    /// An invalid rate limit, with a description of the valid ones.
    package struct ParsingError: Error, CustomStringConvertible {
        package var text: String

        package var description: String {
            "'\(text)' is not a valid rate limit: use REQUESTS/WINDOW, such as 5/10s, 100/1m or 1000/1h "
                + "(1 to 1000000000 requests, a window of at most 24h), or off"
        }
    }

    /// Parses `5/10s`, `100/1m` or `1000/1h`. Returns nil for `off`.
    package static func parse(_ text: String) throws(ParsingError) -> RateLimitPolicy? {
        if text == "off" { return nil }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let last = parts[1].last, let unit = units[last],
            let limit = number(parts[0], in: 1...1_000_000_000),
            let count = number(parts[1].dropLast(), in: 1...86_400), count * unit <= 86_400
        else { throw ParsingError(text: text) }
        return RateLimitPolicy(limit: limit, windowSeconds: count * unit)
    }

    private static func number(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let value = Int(text),
            range.contains(value)
        else { return nil }
        return value
    }
}
