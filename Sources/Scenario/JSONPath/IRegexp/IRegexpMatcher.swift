/// Follows all ways through a program at once, a scalar at a time, so that no text takes more than its length times the
/// program's size.
struct IRegexpMatcher {
    private let program: [IRegexpProgram.Instruction]
    private var alive: StateSet
    private var next: StateSet
    private var pending: [Int] = []

    init(_ program: IRegexpProgram) {
        self.program = program.instructions
        alive = StateSet(capacity: program.instructions.count)
        next = StateSet(capacity: program.instructions.count)
    }

    mutating func run(_ text: String, anywhere: Bool) -> Bool {
        var scalars = text.unicodeScalars.makeIterator()
        var scalar = scalars.next()
        var isAtStart = true
        var isAccepted = false
        while true {
            if isAtStart || anywhere {
                isAccepted = reach(0, isAtStart: isAtStart, isAtEnd: scalar == nil) || isAccepted
            }
            if anywhere && isAccepted { return true }
            guard let consumed = scalar, anywhere || !alive.isEmpty else { return isAccepted && scalar == nil }
            scalar = scalars.next()
            isAtStart = false
            isAccepted = step(consumed, isAtEnd: scalar == nil)
        }
    }

    /// Takes every living state past a scalar. True where that leads to acceptance.
    private mutating func step(_ scalar: Unicode.Scalar, isAtEnd: Bool) -> Bool {
        swap(&alive, &next)
        alive.removeAll()
        var isAccepted = false
        for index in 0..<next.count {
            let state = next[index]
            if case .consume(let set) = program[state], set.contains(scalar) {
                isAccepted = reach(state + 1, isAtStart: false, isAtEnd: isAtEnd) || isAccepted
            }
        }
        return isAccepted
    }

    /// Brings to life all that is reached from a state without a scalar. True where that leads to acceptance.
    private mutating func reach(_ state: Int, isAtStart: Bool, isAtEnd: Bool) -> Bool {
        var isAccepted = false
        pending.append(state)
        while let state = pending.popLast() {
            guard alive.insert(state) else { continue }
            switch program[state] {
            case .consume: break
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .jump(let target): pending.append(target)
            case .assertStart: if isAtStart { pending.append(state + 1) }
            case .assertEnd: if isAtEnd { pending.append(state + 1) }
            case .accept: isAccepted = true
            }
        }
        return isAccepted
    }
}

/// A set of small integers that is emptied at once (Briggs and Torczon, "An Efficient Representation for Sparse Sets",
/// 1993).
private struct StateSet {
    private var members: [Int] = []
    private var places: [Int]

    init(capacity: Int) { places = Array(repeating: 0, count: capacity) }

    var count: Int { members.count }
    var isEmpty: Bool { members.isEmpty }
    subscript(index: Int) -> Int { members[index] }

    mutating func removeAll() { members.removeAll(keepingCapacity: true) }

    /// False where it was in already.
    mutating func insert(_ member: Int) -> Bool {
        let place = places[member]
        if place < members.count, members[place] == member { return false }
        places[member] = members.count
        members.append(member)
        return true
    }
}
