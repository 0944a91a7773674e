import Scenario
import Trace

/// What the header fields of a response say about a rate limit.
package struct RateLimitFields: Equatable, Sendable {
    /// How long to wait: `Retry-After` in seconds (RFC 9110 section 10.2.3). A date is not read.
    package var retryAfter: Nanoseconds?
    /// How many more requests are admitted: the least of the policies in `RateLimit` (draft-ietf-httpapi-ratelimit-headers),
    /// or `RateLimit-Remaining` or `X-RateLimit-Remaining`.
    package var remaining: UInt32?

    /// The fields that may say so.
    package static let names = ["Retry-After", "RateLimit", "RateLimit-Remaining", "X-RateLimit-Remaining"]

    package init() {}

    package init(_ headers: [Header]) {
        if let seconds = headers.values(of: "Retry-After").first.flatMap({ UInt32($0) }) {
            retryAfter = Nanoseconds(seconds) * 1_000_000_000
        }
        remaining =
            headers.values(of: "RateLimit").flatMap(Self.remaining).min()
            ?? ["RateLimit-Remaining", "X-RateLimit-Remaining"].lazy
            .compactMap { headers.values(of: $0).first.flatMap { UInt32($0) } }.first
    }

    package var isEmpty: Bool { self == RateLimitFields() }

    /// The counts in `"read";r=3;t=5` or, from earlier drafts, `limit=5, remaining=3, reset=5`.
    private static func remaining(_ field: String) -> [UInt32] {
        field.split(whereSeparator: { $0 == ";" || $0 == "," }).compactMap { part in
            let parts = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
            guard parts.count == 2, parts[0] == "r" || parts[0] == "remaining" else { return nil }
            return UInt32(parts[1])
        }
    }
}
