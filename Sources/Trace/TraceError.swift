/// Why a trace cannot be read.
package struct TraceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line number, from 1; nil if the error concerns the whole file or a binary one.
    package var line: Int?
    /// Where in a binary file, in bytes from its start.
    package var offset: Int?
    /// What is wrong, and what to write instead.
    package var reason: String

    package init(line: Int? = nil, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package init(offset: Int, _ reason: String) {
        self.offset = offset
        self.reason = reason
    }

    package var description: String {
        if let line { return "line \(line): \(reason)" }
        if let offset { return "byte \(offset): \(reason)" }
        return reason
    }
}
