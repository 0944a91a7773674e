extension JSONLexer {
    /// Skips whitespace (RFC 8259, section 2) and, if allowed, comments.
    @inline(__always)
    func skipTrivia(at position: Int) throws(JSONSyntaxError) -> Int {
        let byte = byte(at: position)
        return byte <= UInt8(ascii: " ") || byte == UInt8(ascii: "/") ? try triviaEnd(from: position) : position
    }

    private func triviaEnd(from start: Int) throws(JSONSyntaxError) -> Int {
        var end = start
        while true {
            switch byte(at: end) {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): end += 1
            case UInt8(ascii: "/"):
                switch byte(at: end + 1) {
                case UInt8(ascii: "/"): end = try lineCommentEnd(from: end)
                case UInt8(ascii: "*"): end = try blockCommentEnd(from: end)
                default: return end
                }
            default: return end
            }
        }
    }

    private func lineCommentEnd(from start: Int) throws(JSONSyntaxError) -> Int {
        guard options.allowsComments else { throw commentNotAllowed(at: start) }
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\r") {
            end = try scalarEnd(at: end)
        }
        return end
    }

    private func blockCommentEnd(from start: Int) throws(JSONSyntaxError) -> Int {
        guard options.allowsComments else { throw commentNotAllowed(at: start) }
        var end = start + 2
        while !has("*/", at: end) {
            guard end < bytes.count else {
                throw JSONSyntaxError(
                    .unterminatedComment, "this comment is not closed", range: start..<start + 2,
                    hint: "close it with */")
            }
            end = try scalarEnd(at: end)
        }
        return end + 2
    }
}
