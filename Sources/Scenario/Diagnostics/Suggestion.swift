/// Finds the known name that a misspelled one is meant to be.
package enum Suggestion {
    /// The known name closest to a misspelled one, if it is close enough.
    package static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let limit = max(1, name.count / 3)
        let scored = known.map { ($0, distance(name.lowercased(), $0.lowercased())) }
        guard let best = scored.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }), best.1 <= limit else { return nil }
        return best.0
    }

    /// `did you mean "expect"?`, or otherwise a list of the known names.
    package static func help(for name: String, among known: [String]) -> String? {
        if let nearest = nearest(to: name, among: known) { return "did you mean \"\(nearest)\"?" }
        guard !known.isEmpty, known.count <= 40 else { return nil }
        return "available: " + known.sorted().joined(separator: ", ")
    }

    /// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours (Damerau, 1964,
    /// in the restricted form).
    static func distance(_ one: String, _ other: String) -> Int {
        // A name this long is not a misspelling, and the table below is quadratic.
        guard one.count <= 64, other.count <= 64 else { return .max }
        let a = Array(one)
        let b = Array(other)
        var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        for i in 0..<a.count {
            for j in 0..<b.count {
                let substitution = rows[i][j] + (a[i] == b[j] ? 0 : 1)
                rows[i + 1][j + 1] = min(rows[i][j + 1] + 1, rows[i + 1][j] + 1, substitution)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    rows[i + 1][j + 1] = min(rows[i + 1][j + 1], rows[i - 1][j - 1] + 1)
                }
            }
        }
        return rows[a.count][b.count]
    }
}
