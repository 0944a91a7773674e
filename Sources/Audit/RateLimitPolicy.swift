import Trace

/// A rate limit that an API promises.
package enum RateLimitPolicy: Equatable, Sendable {
    /// At most `limit` admissions in each window of `length` nanoseconds; `kind` says where windows lie.
    case window(WindowKind, limit: Int, length: Nanoseconds)
    /// A bucket of `burst` tokens, refilled by `tokens` in each `period` nanoseconds; an admission takes one.
    ///
    /// The generic cell rate algorithm is the same policy (ITU-T I.371, 2004, annex A).
    case tokenBucket(burst: Int, tokens: Int, period: Nanoseconds)

    package enum WindowKind: String, CaseIterable, Sendable {
        /// Any stretch of time.
        case sliding = "sliding-window"
        /// Opened by the first admission after the previous window has ended.
        case fixed = "fixed-window"
        /// Consecutive windows on the server's clock, the same for all keys.
        case aligned = "aligned-window"
        /// Aligned windows; the previous one's admissions are weighted by the share of it that a sliding window still
        /// covers.
        case slidingCounter = "sliding-counter"
    }
}

/// Why a policy's text is not valid.
package struct InvalidPolicy: Error, Equatable, Sendable, CustomStringConvertible {
    package var description: String
}

extension RateLimitPolicy {
    private static let tokenBucketName = "token-bucket"

    package static var kinds: [String] { WindowKind.allCases.map(\.rawValue) + [tokenBucketName] }

    /// Parses `KIND:SPEC`, such as `sliding-window:5/10s` or `token-bucket:20@5/s`.
    package init(parsing text: String) throws(InvalidPolicy) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw InvalidPolicy(description: "\"\(text)\" is not KIND:SPEC, such as sliding-window:5/10s")
        }
        if parts[0] == Self.tokenBucketName {
            let halves = parts[1].split(separator: "@", maxSplits: 1).map(String.init)
            guard halves.count == 2, let burst = Self.count(halves[0]), let rate = Self.quota(halves[1]) else {
                throw InvalidPolicy(description: "\"\(parts[1])\" is not BURST@RATE, such as 20@5/s")
            }
            let divisor = Self.greatestCommonDivisor(UInt64(rate.count), rate.length)
            self = .tokenBucket(burst: burst, tokens: rate.count / Int(divisor), period: rate.length / divisor)
            return
        }
        guard let kind = WindowKind(rawValue: parts[0]) else {
            throw InvalidPolicy(
                description: "\"\(parts[0])\" is not a kind of limit; use \(Self.kinds.joined(separator: ", "))")
        }
        guard let quota = Self.quota(parts[1]) else {
            throw InvalidPolicy(description: "\"\(parts[1])\" is not LIMIT/WINDOW, such as 5/10s")
        }
        self = .window(kind, limit: quota.count, length: quota.length)
    }

    /// Parses a count and a length, such as `5/10s` or `5/s`. The length is at most a day.
    private static func quota(_ text: String) -> (count: Int, length: Nanoseconds)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let count = count(parts[0]) else { return nil }
        let digits = parts[1].prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let units: [String: Double] = ["ms": 1e6, "s": 1e9, "m": 60e9, "min": 60e9, "h": 3600e9, "d": 86_400e9]
        guard let unit = units[String(parts[1].dropFirst(digits.count))],
            let number = digits.isEmpty ? 1 : Double(digits)
        else { return nil }
        let length = (number * unit).rounded()
        guard length >= 1, length <= 86_400e9 else { return nil }
        return (count, Nanoseconds(length))
    }

    private static func count(_ text: String) -> Int? {
        guard let count = Int(text), (1...1_000_000_000).contains(count) else { return nil }
        return count
    }

    private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
        right == 0 ? left : greatestCommonDivisor(right, left % right)
    }
}

extension RateLimitPolicy: CustomStringConvertible {
    /// The text that parses to this policy.
    package var description: String {
        switch self {
        case .window(let kind, let limit, let length): "\(kind.rawValue):\(limit)/\(Self.text(length))"
        case .tokenBucket(let burst, let tokens, let period):
            "\(Self.tokenBucketName):\(burst)@\(tokens)/\(Self.text(period))"
        }
    }

    /// What the policy allows, in words: `5 in any 10 s`.
    package var promise: String {
        switch self {
        case .window(.sliding, let limit, let length): "\(limit) in any \(Self.words(length))"
        case .window(.fixed, let limit, let length):
            "\(limit) in a window of \(Self.words(length)) that the first one opens"
        case .window(.aligned, let limit, let length): "\(limit) in each \(Self.words(length)) of the server's clock"
        case .window(.slidingCounter, let limit, let length):
            "\(limit) in \(Self.words(length)), weighted over two windows"
        case .tokenBucket(let burst, let tokens, let period):
            "a burst of \(burst) and \(tokens) in each \(Self.words(period))"
        }
    }

    private static func text(_ length: Nanoseconds) -> String { parts(length).joined() }

    private static func words(_ length: Nanoseconds) -> String { parts(length).joined(separator: " ") }

    /// The number and the unit.
    private static func parts(_ length: Nanoseconds) -> [String] {
        for (unit, size) in [("h", 3_600_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)] as [(String, UInt64)]
        where length % size == 0 {
            return ["\(length / size)", unit]
        }
        return ["\(length)", "ns"]
    }
}
