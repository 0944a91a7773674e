import Scenario

/// A request or a response.
struct MessageView {
    let heading: String
    let startLine: String
    let hasHeaders: Bool
    let headers: [Header]
    let body: BodyView?

    init(_ request: Request, url: String) {
        heading = "Request"
        startLine = "\(request.method) \(url)"
        hasHeaders = !request.headers.isEmpty
        headers = request.headers
        body = request.body.flatMap { BodyView($0, length: request.bodyLength) }
    }

    init(_ response: Response) {
        heading = "Response"
        startLine = "HTTP/\(response.httpVersion) \(response.status)"
        hasHeaders = !response.headers.isEmpty
        headers = response.headers
        body = BodyView(response.body, length: response.bodyLength)
    }
}

/// A body formatted for reading: JSON pretty-printed, binary data as a hex dump.
struct BodyView {
    let text: String
    let note: String
    let isDump: Bool

    /// Nil for an empty body.
    ///
    /// - Parameter length: the body's length before secrets were masked.
    init?(_ body: [UInt8], length: Int? = nil) {
        guard !body.isEmpty else { return nil }
        let size = counted(length ?? body.count, "byte")
        let shown = Self.layout(of: body)
        let excerpt = BodyExcerpt(shown ?? body)
        switch excerpt.content {
        case .text(let text) where !text.utf8.contains(0):
            self.text = text
            isDump = false
            let facts = [shown == nil ? nil : "JSON, pretty-printed", excerpt.isTruncated ? "cut off at 64 KiB" : nil]
            note = ([size] + facts.compactMap { $0 }).joined(separator: " · ")
        default:
            text = Self.dump(body.prefix(Self.dumpLimit))
            isDump = true
            note = size + (body.count > Self.dumpLimit ? " · first \(Self.dumpLimit) shown" : "")
        }
    }

    private static let dumpLimit = 256
    /// A longer body is not pretty-printed, since only its start is shown.
    private static let layoutLimit = 1 << 20

    /// The pretty-printed body, if it is a JSON object or array.
    private static func layout(of body: [UInt8]) -> [UInt8]? {
        let first = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "["), body.count <= layoutLimit,
            let document = try? JSONDocument(parsing: body)
        else { return nil }
        return Array(document.root.value.serialized(indent: 2).utf8)
    }

    /// A hex dump with sixteen bytes per line: offset, hexadecimal, ASCII.
    static func dump(_ bytes: ArraySlice<UInt8>) -> String {
        stride(from: 0, to: bytes.count, by: 16).map { offset in
            let row = Array(bytes.dropFirst(offset).prefix(16))
            let digits = row.map { Encoding.hexadecimal([$0]) }.joined(separator: " ")
            let padding = String(repeating: " ", count: 47 - digits.count)
            let text = row.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
            let place = Encoding.hexadecimal([UInt8(offset >> 8 & 0xFF), UInt8(offset & 0xFF)])
            return "\(place)  \(digits)\(padding)  \(text)"
        }.joined(separator: "\n")
    }
}
