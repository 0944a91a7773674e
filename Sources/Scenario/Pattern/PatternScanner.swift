/// Reads a pattern scalar by scalar.
protocol PatternScanner {
    var scalars: [Unicode.Scalar] { get }
    var position: Int { get set }
}

extension PatternScanner {
    var next: Unicode.Scalar? { peek(0) }

    func peek(_ distance: Int) -> Unicode.Scalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    var escapeHint: String? { next.map { "write \\\($0) for the character itself" } }

    func offset(of position: Int) -> Int {
        scalars[..<min(position, scalars.count)].reduce(0) { $0 + UTF8.width($1) }
    }

    func error(
        _ message: String, at place: Int? = nil, hint: String? = nil, code: PatternError.Code = .syntax
    ) -> PatternError {
        let place = place ?? position
        return PatternError(message, range: offset(of: place)..<offset(of: place + 1), hint: hint, code: code)
    }

    func error(_ message: String, from start: Int, hint: String? = nil) -> PatternError {
        PatternError(message, range: offset(of: start)..<offset(of: position), hint: hint)
    }
}
