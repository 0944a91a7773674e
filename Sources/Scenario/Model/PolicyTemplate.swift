import Audit

/// The policy of a rate limit. Its numbers may be templates, which are rendered once, when the run starts.
package struct PolicyTemplate: Sendable {
    package var kind: Kind
    /// The limit, or a bucket's burst.
    package var count: TemplateValue
    /// The window, or a bucket's rate.
    package var time: TemplateValue
    /// Byte offsets in the file.
    package var range: Range<Int>

    package enum Kind: Hashable, Sendable {
        case window(RateLimitPolicy.WindowKind)
        case tokenBucket

        /// The keys that give the count and the time.
        package var keys: (count: String, time: String) {
            switch self {
            case .window: ("limit", "window")
            case .tokenBucket: ("burst", "rate")
            }
        }
    }

    /// Why a part of a policy is not valid.
    package struct Fault: Error {
        /// The key of the part.
        package var key: String
        package var message: String
        package var help: String
    }

    private static let longest = Duration.seconds(86_400)

    /// - Throws: ``Fault`` or `TemplateError`.
    package func policy(in scope: Scope) throws -> RateLimitPolicy {
        try Self.policy(kind, count: count.render(scope), time: time.render(scope))
    }

    /// Checks the texts that are constant.
    func check() throws(Fault) {
        if let count = count.constant, count.string != nil { _ = try Self.count(count, kind) }
        if let time = time.constant { _ = try Self.policy(kind, count: 1, time: time) }
    }

    private static func policy(_ kind: Kind, count: JSON, time: JSON) throws(Fault) -> RateLimitPolicy {
        let count = try Self.count(count, kind)
        switch kind {
        case .window(let window):
            guard let length = time.string.flatMap({ Duration(parsing: $0) }),
                (.nanoseconds(1)...longest).contains(length)
            else {
                throw Fault(
                    key: "window", message: "\(time.serialized()) is not a valid window",
                    help: "use a duration of at most a day, such as \"10s\"")
            }
            return .window(window, limit: count, length: UInt64(length.nanoseconds))
        case .tokenBucket:
            let rate = time.string ?? ""
            do throws(InvalidPolicy) { return try RateLimitPolicy(parsing: "token-bucket:\(count)@\(rate)") } catch {
                throw Fault(
                    key: "rate", message: "\(time.serialized()) is not a valid rate",
                    help: "use a whole number of requests in a time of at most a day, such as \"5/s\" or \"1/200ms\"")
            }
        }
    }

    private static func count(_ value: JSON, _ kind: Kind) throws(Fault) -> Int {
        let number = value.number?.int ?? value.string.flatMap { Int($0) }
        guard let number, (1...1_000_000_000).contains(number) else {
            throw Fault(
                key: kind.keys.count, message: "\(value.serialized()) is not a valid \(kind.keys.count)",
                help: "use a whole number from 1 to 1000000000")
        }
        return number
    }
}

extension PolicyTemplate.Kind {
    /// Parses a kind such as `sliding-window`; nil for anything else.
    package init?(_ name: String) {
        if let window = RateLimitPolicy.WindowKind(rawValue: name) {
            self = .window(window)
        } else if RateLimitPolicy.kinds.contains(name) {
            self = .tokenBucket
        } else {
            return nil
        }
    }
}
