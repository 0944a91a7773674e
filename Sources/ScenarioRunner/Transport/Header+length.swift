import Scenario

extension [Header] {
    /// Why the head does not determine the body's length; nil if it does, or need not (RFC 9112 section 6.3).
    ///
    /// libcurl is lenient here and uses the last of several lengths.
    var lengthFault: String? {
        guard values(of: "Transfer-Encoding").isEmpty else { return nil }
        let lengths = values(of: "Content-Length").flatMap { value in
            value.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingSpaces }
        }
        if let text = lengths.first(where: { Self.length($0) == nil }) {
            return "Content-Length \"\(text)\" is not a number"
        }
        guard let other = lengths.first(where: { Self.length($0) != Self.length(lengths[0]) }) else { return nil }
        return "conflicting Content-Length values, \(lengths[0]) and \(other)"
    }

    /// Decimal digits only, without a sign.
    private static func length(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop { isSpace($0) }.reversed().drop { isSpace($0) }.reversed())
    }
}
