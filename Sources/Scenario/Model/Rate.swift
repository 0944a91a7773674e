/// How often something happens.
package struct Rate: Hashable, Sendable {
    /// Not negative.
    package var perSecond: Double

    package init(perSecond: Double) { self.perSecond = perSecond }

    private static let units: [(name: String, seconds: Double)] = [("s", 1), ("min", 60), ("m", 60), ("h", 3600)]

    /// Parses `"2000/s"`, `"0.5/s"` or `"90/min"`; nil for anything else.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let count = Double(parts[0]), count.isFinite,
            let unit = Self.units.first(where: { $0.name == parts[1] })
        else { return nil }
        perSecond = count / unit.seconds
    }
}
