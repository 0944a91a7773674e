extension String {
    /// Whether it starts with a scheme and `://` (RFC 3986 section 3), supported or not.
    package var isWholeURL: Bool { schemeLength != nil }

    /// Length of the scheme before `://`, or nil if there is none.
    var schemeLength: Int? {
        guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")), utf8[colon...].starts(with: "://".utf8) else {
            return nil
        }
        let scheme = utf8[..<colon]
        let isScheme =
            !scheme.isEmpty
            && scheme.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        return isScheme ? scheme.count : nil
    }

    /// The scheme of a full URL, in lower case, because schemes ignore case (RFC 3986 section 3.1).
    package var scheme: String? { isWholeURL ? String(prefix { $0 != ":" }).lowercased() : nil }

    /// Start of the path of a full URL; start of the string for anything else.
    private var startOfPath: Index {
        guard isWholeURL, let start = firstRange(of: "://")?.upperBound else { return startIndex }
        return self[start...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? endIndex
    }

    /// The URL in ASCII, as it is sent. Other characters are percent-encoded (RFC 3987 section 3.1), except in the
    /// host.
    package var urlInASCII: String {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
        let start = startOfPath
        return self[..<start] + self[start...].map { $0.isASCII ? String($0) : Encoding.percent(String($0)) }.joined()
    }
}
