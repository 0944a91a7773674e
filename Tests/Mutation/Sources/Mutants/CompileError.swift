/// An error that the compiler printed.
package struct CompileError: Equatable, Sendable {
    package let path: String
    let line: Int
    let column: Int
    package let message: String

    /// The errors in a build's output. `/path/File.swift:12:3: error: …` is one.
    package static func errors(in output: String) -> [CompileError] {
        output.split(separator: "\n").compactMap { line in
            guard let match = line.wholeMatch(of: /(\/.+\.swift):(\d+):(\d+): error: (.*)/),
                let row = Int(match.2), let column = Int(match.3)
            else { return nil }
            return CompileError(path: String(match.1), line: row, column: column, message: String(match.4))
        }
    }
}

extension MutatedSource {
    /// The mutants to leave out because of an error in this file.
    ///
    /// The innermost mutant at the error's position; else all on its line; else those that change where the enclosing function
    /// ends, because "missing return" is reported at its end; else all in the function, or in the file.
    package func mutants(causing error: CompileError) -> Set<Int> {
        guard let offset = source.offset(line: error.line, column: error.column) else { return [] }
        let around = spans.filter { $0.range.contains(offset) }
        if let innermost = around.min(by: { $0.range.count < $1.range.count }) { return [innermost.number] }
        let line = source.lines(around: offset..<offset)
        let onLine = spans.filter { $0.range.overlaps(line) }
        if !onLine.isEmpty { return Set(onLine.map(\.number)) }
        let enclosing = scopes.filter { $0.value.lowerBound <= offset && offset <= $0.value.upperBound }
        let innermost = enclosing.values.map(\.count).min()
        let inScope = enclosing.filter { $0.value.count == innermost }.keys
        let statements = inScope.filter(isStatement)
        if !statements.isEmpty { return Set(statements) }
        return inScope.isEmpty ? Set(scopes.keys) : Set(inScope)
    }

    private func isStatement(_ number: Int) -> Bool {
        spans.contains { $0.number == number && source.bytes[$0.range.lowerBound] == UInt8(ascii: "i") }
    }
}
