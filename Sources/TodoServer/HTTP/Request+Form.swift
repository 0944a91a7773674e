import NIOCore

extension Request {
    /// The body as form fields. If a field occurs more than once, the last one counts.
    package func form() throws(HTTPError) -> [String: String] {
        let bytes = try bytes()
        guard fields.contentEncoding == nil else {
            throw .unsupportedMediaType("Content-Encoding is not supported")
        }
        guard bytes.readableBytes > 0 else { return [:] }
        guard fields.mediaType == "application/x-www-form-urlencoded" else {
            throw .unsupportedMediaType("The body must be application/x-www-form-urlencoded")
        }
        var form: [String: String] = [:]
        for pair in bytes.readableBytesView.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            form[Self.formDecoded(parts[0])] = parts.count == 2 ? Self.formDecoded(parts[1]) : ""
        }
        return form
    }

    /// Decodes application/x-www-form-urlencoded (WHATWG URL, section 5.1).
    ///
    /// A `%` without two hexadecimal digits after it is kept; bytes that are not UTF-8 become U+FFFD.
    static func formDecoded(_ text: some Sequence<UInt8>) -> String {
        percentDecoded(text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
    }

    /// Decodes percent-encoding only (RFC 3986 section 2.1).
    static func percentDecoded(_ text: some Sequence<UInt8>) -> String {
        let text = Array(text)
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "%"), index + 2 < text.count,
                let high = Character(Unicode.Scalar(text[index + 1])).hexDigitValue,
                let low = Character(Unicode.Scalar(text[index + 2])).hexDigitValue
            {
                bytes.append(UInt8(high << 4 | low))
                index += 3
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
