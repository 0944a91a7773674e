/// How the value of a setting is read, checked and shown.
struct SettingFormat<Value: Sendable>: Sendable {
    /// Describes a valid value, for the error message.
    var expected = "a valid value"
    /// Returns nil, or throws an error with its own hint, if the text is not valid.
    var parse: @Sendable (String) throws -> Value?
    /// Says what is wrong with a value; nil if nothing is.
    var fault: @Sendable (Value) -> String? = { _ in nil }
    var text: @Sendable (Value) -> String
}

extension SettingFormat {
    /// - Parameter unset: the text for nil.
    static func optional<Wrapped: Sendable>(_ format: SettingFormat<Wrapped>, unset: String) -> Self
    where Value == Wrapped? {
        Self(
            expected: format.expected, parse: { try format.parse($0).map(Optional.some) },
            fault: { $0.flatMap(format.fault) }, text: { $0.map(format.text) ?? unset })
    }

    /// Nil is written as `off`.
    static func orOff<Wrapped: Sendable>(_ format: SettingFormat<Wrapped>) -> Self where Value == Wrapped? {
        var result = optional(format, unset: "off")
        result.expected += " or off"
        result.parse = { $0 == "off" ? .some(nil) : try format.parse($0).map(Optional.some) }
        return result
    }

    /// A value that is shown by its description.
    static func described(_ parse: @escaping @Sendable (String) throws -> Value) -> Self
    where Value: CustomStringConvertible {
        Self(parse: parse, text: \.description)
    }

    /// One of a few words.
    static func word() -> Self where Value: RawRepresentable<String> & CaseIterable {
        Self(
            expected: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
            parse: { Value(rawValue: $0) }, text: \.rawValue)
    }
}

extension SettingFormat<Int> {
    static func number(in range: ClosedRange<Int>) -> Self {
        Self(
            expected: "a whole number", parse: { Int($0) },
            fault: { range.contains($0) ? nil : "must be \(range.lowerBound) to \(range.upperBound), not \($0)" },
            text: { String($0) })
    }

    /// Bytes, written as MiB.
    static func mebibytes(in range: ClosedRange<Int>) -> Self {
        let count = Self.number(in: range)
        return Self(
            expected: "a whole number of MiB",
            parse: { text in
                guard let number = Int(text) else { return nil }
                let (bytes, overflow) = number.multipliedReportingOverflow(by: Limits.mebibyte)
                return overflow ? nil : bytes
            },
            fault: { count.fault($0 / Limits.mebibyte) }, text: { String($0 / Limits.mebibyte) })
    }
}

extension SettingFormat<String> {
    /// Any text but the empty one.
    static var text: Self { Self(parse: { $0.isEmpty ? nil : $0 }, text: { $0 }) }

    /// A text that is not shown.
    static func secret(_ fault: @escaping @Sendable (_ bytes: Int) -> String?) -> Self {
        Self(parse: { $0 }, fault: { fault($0.utf8.count) }, text: { _ in "********" })
    }

    static var tokenSecret: Self {
        .secret { bytes in
            bytes >= TokenKey.minimumBytes
                ? nil
                : "must be at least \(TokenKey.minimumBytes) bytes, not \(bytes); "
                    + "generate one with `openssl rand -hex 32`"
        }
    }

    static var password: Self {
        .secret { bytes in
            (8...Passwords.maximumBytes).contains(bytes)
                ? nil : "must be 8 to \(Passwords.maximumBytes) bytes, not \(bytes)"
        }
    }
}

extension SettingFormat<RateLimitPolicy?> {
    static var rateLimit: Self {
        Self(
            parse: { .some(try RateLimitPolicy.parse($0)) },
            text: { $0.map { "\($0.limit)/\($0.windowSeconds)s" } ?? "off" })
    }
}

extension SettingFormat<[AddressBlock]> {
    static var addressBlocks: Self {
        Self(
            parse: { try AddressBlock.list(parsing: $0) },
            text: { $0.isEmpty ? "none" : $0.map(\.description).joined(separator: ",") })
    }
}
