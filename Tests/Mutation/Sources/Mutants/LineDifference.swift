/// The lines that differ between two texts, without their common first and last lines.
struct LineDifference {
    let before: [String]
    let after: [String]

    init(_ old: String, _ new: String) {
        var old = old.split(separator: "\n", omittingEmptySubsequences: false)[...]
        var new = new.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let first = old.first, first == new.first {
            old.removeFirst()
            new.removeFirst()
        }
        while let last = old.last, last == new.last {
            old.removeLast()
            new.removeLast()
        }
        before = old.map(String.init)
        after = new.map(String.init)
    }
}
