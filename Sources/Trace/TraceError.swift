/// Why a trace cannot be read.
package struct TraceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line number, from 1; nil if the error concerns the whole file.
    package var line: Int?
    /// What is wrong, and what to write instead.
    package var reason: String

    package init(line: Int? = nil, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { line.map { "line \($0): \(reason)" } ?? reason }
}
