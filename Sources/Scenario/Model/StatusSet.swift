/// A set of status codes, such as 429 and all from 500 to 599.
package struct StatusSet: Hashable, Sendable {
    private var ranges: [ClosedRange<Int>]

    package init(_ ranges: [ClosedRange<Int>]) { self.ranges = ranges }

    /// Parses a code such as `429` or a class such as `5xx`; nil for anything else.
    package init?(parsing text: String) {
        if let code = Int(text), (100...999).contains(code), text.utf8.count == 3 {
            self.init([code...code])
        } else if text.utf8.count == 3, text.hasSuffix("xx"), let first = Int(text.prefix(1)), first >= 1 {
            self.init([first * 100...first * 100 + 99])
        } else {
            return nil
        }
    }

    package func contains(_ status: Int) -> Bool { ranges.contains { $0.contains(status) } }

    mutating func formUnion(_ other: StatusSet) { ranges += other.ranges }
}
