/// Checks absolute http and https URLs up to the port (RFC 3986 sections 3.1 and 3.2).
package enum WebURL {
    /// Why a text is not a valid URL.
    package struct Fault: Error {
        package var message: String
        /// Offsets of the error in the text's UTF-8.
        package var range: Range<Int>
        package var help: String?
    }

    package static func check(_ text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        try checkBytes(of: text)
        guard let schemeEnd = text.schemeLength else {
            throw Fault(message: "\"\(text)\" has no scheme; expected http or https", range: 0..<bytes.count)
        }
        try checkScheme(of: text)
        var start = schemeEnd + 3
        let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
        if let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) { start = at + 1 }
        let hostEnd = try host(bytes, start..<end)
        try port(bytes, hostEnd..<end)
    }

    /// Checks the scheme, if there is one.
    package static func checkScheme(of text: String) throws(Fault) {
        guard let length = text.schemeLength, !["http", "https"].contains(text.prefix(length).lowercased()) else {
            return
        }
        throw Fault(message: "\"\(text)\" is not an http or https URL", range: 0..<length)
    }

    /// Checks for bytes that neither a full URL nor a path can contain.
    package static func checkBytes(of text: String) throws(Fault) {
        guard let (place, byte) = text.utf8.enumerated().first(where: { $1 <= 0x20 || $1 == 0x7F }) else { return }
        throw byte == 0x20
            ? Fault(message: "a URL cannot contain spaces", range: place..<place + 1, help: "write a space as %20")
            : Fault(message: "a URL cannot contain control characters", range: place..<place + 1)
    }

    /// - Returns: the end of the host.
    private static func host(_ bytes: [UInt8], _ range: Range<Int>) throws(Fault) -> Int {
        if range.lowerBound < range.upperBound, bytes[range.lowerBound] == UInt8(ascii: "[") {
            let close = bytes[range].firstIndex(of: UInt8(ascii: "]"))
            let address = bytes[range.lowerBound + 1..<(close ?? range.upperBound)]
            guard let close, RecognisedText.isIPv6(String(decoding: address, as: UTF8.self)) else {
                throw Fault(message: "expected an IPv6 address in brackets", range: range)
            }
            return close + 1
        }
        let end = bytes[range].firstIndex(of: UInt8(ascii: ":")) ?? range.upperBound
        guard end > range.lowerBound else {
            throw Fault(message: "the URL has no host", range: range.lowerBound..<max(end, range.lowerBound + 1))
        }
        guard let wrong = bytes[range.lowerBound..<end].firstIndex(where: "\"<>[]\\^`{|}".utf8.contains) else {
            return end
        }
        throw Fault(message: "this character is not allowed in a host name", range: wrong..<wrong + 1)
    }

    private static func port(_ bytes: [UInt8], _ range: Range<Int>) throws(Fault) {
        guard !range.isEmpty else { return }
        let digits = bytes[(range.lowerBound + 1)..<range.upperBound]
        let number = String(decoding: digits, as: UTF8.self)
        let isNumber = digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard bytes[range.lowerBound] == UInt8(ascii: ":"), isNumber, number.isEmpty || UInt16(number) != nil else {
            throw Fault(message: "a port must be a number up to 65535", range: range)
        }
    }
}
