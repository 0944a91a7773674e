import JSONDocuments

/// A node that a query has reached, and the trail to it if needed.
struct JSONPathPlace<Trail: JSONPathTrail> {
    let index: Int
    let trail: Trail

    init(_ root: Int) { self.init(root, Trail()) }

    init(_ index: Int, _ trail: Trail) {
        self.index = index
        self.trail = trail
    }

    /// Moves to a member's value. The name precedes the value on the tape.
    func member(_ value: Int) -> JSONPathPlace { JSONPathPlace(value, trail.member(named: value - 1)) }

    func element(_ element: Int, at position: Int) -> JSONPathPlace {
        JSONPathPlace(element, trail.element(at: position))
    }
}

/// The trail from the root to a node.
protocol JSONPathTrail {
    init()
    func member(named name: Int) -> Self
    func element(at position: Int) -> Self
}

/// A trail that records nothing.
struct NoTrail: JSONPathTrail {
    func member(named name: Int) -> NoTrail { self }
    func element(at position: Int) -> NoTrail { self }
}

/// A trail that records every step. Nodes share their common steps.
indirect enum FullTrail: JSONPathTrail {
    case root
    case member(FullTrail, name: Int)
    case element(FullTrail, position: Int)

    init() { self = .root }
    func member(named name: Int) -> FullTrail { .member(self, name: name) }
    func element(at position: Int) -> FullTrail { .element(self, position: position) }
}

/// The children of a node, in document order; empty for a scalar.
struct JSONPathChildren<Trail: JSONPathTrail>: Sequence, IteratorProtocol {
    private let parent: JSONPathPlace<Trail>
    private let tape: [JSONTapeEntry]
    private let isObject: Bool
    private var index: Int
    private let end: Int
    private var position = 0

    init(of parent: JSONPathPlace<Trail>, in document: JSONDocument) {
        self.parent = parent
        tape = document.tape
        let entry = tape[parent.index]
        isObject = entry.kind == .object
        index = parent.index + 1
        end = isObject || entry.kind == .array ? Int(entry.next) : index
    }

    mutating func next() -> JSONPathPlace<Trail>? {
        guard index < end else { return nil }
        let value = isObject ? index + 1 : index
        index = Int(tape[value].next)
        defer { position += 1 }
        return isObject ? parent.member(value) : parent.element(value, at: position)
    }
}
