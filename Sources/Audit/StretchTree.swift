/// A segment tree over the starts of stretches that finds the start a with the greatest base(a) + Σ added at positions
/// ≥ a.
struct StretchTree {
    private struct Node {
        var sum: Int64 = 0
        var best = Self.none
        var position = 0

        /// Small enough for any sum to stay below active values, and far from `Int64.min`.
        static let none = Int64.min / 2
    }

    private var nodes: [Node]
    private let width: Int

    init(_ count: Int) {
        var width = 1
        while width < count { width *= 2 }
        self.width = width
        nodes = Array(repeating: Node(), count: 2 * width)
        for index in 0..<width { nodes[width + index].position = index }
    }

    /// Whether any start is active.
    var isEmpty: Bool { nodes[1].best <= Node.none / 2 }

    var best: (value: Int64, position: Int) { (nodes[1].best, nodes[1].position) }

    /// Allows stretches to begin at a position.
    mutating func activate(_ position: Int, base: Int64) {
        nodes[width + position].best = base + nodes[width + position].sum
        update(position)
    }

    /// Adds an amount to every stretch that begins at or before the position.
    mutating func add(_ amount: Int64, at position: Int) {
        nodes[width + position].sum += amount
        if nodes[width + position].best > Node.none / 2 { nodes[width + position].best += amount }
        update(position)
    }

    private mutating func update(_ position: Int) {
        var index = (width + position) / 2
        while index >= 1 {
            let (left, right) = (nodes[2 * index], nodes[2 * index + 1])
            nodes[index].sum = left.sum + right.sum
            let throughLeft = left.best > Node.none / 2 ? left.best + right.sum : Node.none
            if throughLeft > right.best {
                (nodes[index].best, nodes[index].position) = (throughLeft, left.position)
            } else {
                (nodes[index].best, nodes[index].position) = (right.best, right.position)
            }
            index /= 2
        }
    }
}
