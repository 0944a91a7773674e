/// The start of a body, as a report shows it.
struct BodyExcerpt: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        case text(String)
        /// What is not UTF-8.
        case binary([UInt8])
    }

    let content: Content
    /// Of the whole body, as it was sent.
    let byteCount: Int
    let isTruncated: Bool

    /// How many bytes of a body go into a report.
    static let limit = 64 << 10

    /// - Parameter length: how long the body was before secrets were taken out of it.
    init(_ body: [UInt8], length: Int? = nil, limit: Int = Self.limit) {
        byteCount = length ?? body.count
        isTruncated = body.count > limit
        let start = body[..<Self.characterBoundary(in: body, upTo: limit)]
        content =
            if let text = String(validating: start, as: UTF8.self) { .text(text) } else {
                .binary(Array(body.prefix(limit)))
            }
    }

    /// No further than the limit, and not within the bytes of a scalar (RFC 3629, section 3): at most four.
    private static func characterBoundary(in body: [UInt8], upTo limit: Int) -> Int {
        guard body.count > limit else { return body.count }
        var end = limit
        while end > max(0, limit - 3), body[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }
}
