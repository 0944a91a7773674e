/// How many requests are admitted in how long a window: `5/10s`.
package struct RateLimitPolicy: Sendable, Equatable {
    /// What a window is.
    package enum Kind: String, Sendable, CaseIterable {
        /// It opens with the first request and ends one length later.
        case fixedWindow = "fixed-window"
        /// Any stretch of one length: between two of them no burst of twice the limit fits.
        case slidingWindow = "sliding-window"
    }

    /// A sliding window remembers each of its requests.
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

    /// Why a text is not a policy, with what would be one.
    package struct ParsingError: Error, CustomStringConvertible {
        package var text: String

        package var description: String {
            "'\(text)' is not a valid rate limit: use REQUESTS/WINDOW, such as 5/10s, 100/1m or 1000/1h "
                + "(1 to 1000000000 requests, a window of at most 24h), or off"
        }
    }

    /// Reads `5/10s`, `100/1m`, `1000/1h`; nil for `off`.
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
