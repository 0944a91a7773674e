/// The start of a body, as shown in a report.
struct BodyExcerpt: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        case text(String)
        /// A body that is not UTF-8.
        case binary([UInt8])
    }

    let content: Content
    /// Length of the whole body as it was sent.
    let byteCount: Int
    let isTruncated: Bool

    /// Maximum number of bytes of a body in a report.
    static let limit = 64 << 10

    /// - Parameter length: the body's length before secrets were masked.
    init(_ body: [UInt8], length: Int? = nil, limit: Int = Self.limit) {
        byteCount = length ?? body.count
        isTruncated = body.count > limit
        let start = body[..<Self.characterBoundary(in: body, upTo: limit)]
        content =
            if let text = String(validating: start, as: UTF8.self) { .text(text) } else {
                .binary(Array(body.prefix(limit)))
            }
    }

    /// The last offset up to the limit that does not split a scalar of up to four bytes (RFC 3629, section 3).
    private static func characterBoundary(in body: [UInt8], upTo limit: Int) -> Int {
        guard body.count > limit else { return body.count }
        var end = limit
        while end > max(0, limit - 3), body[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }
}
