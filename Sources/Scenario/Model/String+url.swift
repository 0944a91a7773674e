extension String {
    /// Whether it begins with a scheme and an authority (RFC 3986 section 3), be it one that can be spoken to or not.
    package var isWholeURL: Bool { schemeLength != nil }

    /// How long the scheme is before `://`.
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

    /// The scheme that a whole URL begins with, in lower case: letters in it are alike (RFC 3986 section 3.1).
    package var scheme: String? { isWholeURL ? String(prefix { $0 != ":" }).lowercased() : nil }

    /// Where the path of a whole URL begins; the beginning of any other.
    private var startOfPath: Index {
        guard isWholeURL, let start = firstRange(of: "://")?.upperBound else { return startIndex }
        return self[start...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? endIndex
    }

    /// A URL in ASCII, as it is sent: what is more is percent-encoded (RFC 3987 section 3.1), but in the host.
    package var urlInASCII: String {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
        let start = startOfPath
        return self[..<start] + self[start...].map { $0.isASCII ? String($0) : Encoding.percent(String($0)) }.joined()
    }
}
