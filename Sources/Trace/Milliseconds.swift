/// A time in a report: a number of milliseconds, exact to the nanosecond up to 104 days.
package struct Milliseconds: Codable, Equatable, Sendable {
    package let nanoseconds: Nanoseconds

    /// Longer times cannot be read: sums of a few times must not overflow.
    private static var limit: Double { 0x1p60 }

    package init(_ nanoseconds: Nanoseconds) { self.nanoseconds = nanoseconds }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let value = try (container.decode(Double.self) * 1e6).rounded()
        guard value >= 0, value <= Self.limit else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a time is out of range")
        }
        nanoseconds = Nanoseconds(value)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Double(nanoseconds) / 1e6)
    }
}
