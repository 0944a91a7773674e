/// A pattern as the states of a nondeterministic automaton (Thompson, "Regular Expression Search Algorithm", 1968).
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// Goes on to the next one with a scalar of this class.
        case consume(Int)
        /// Goes on without a scalar, rather here than there.
        case split(Int, Int)
        case jump(Int)
        case assert(PatternAssertion)
        /// Goes on where what this look asks for is so.
        case look(Int)
        /// What is taken begins or ends here.
        case takeStart
        case takeEnd
        case accept
    }

    /// A pattern that is asked for beside the text's own way through the program.
    struct Look: Sendable {
        /// For a look ahead it reads backwards, from wherever what is asked for may end.
        let program: PatternProgram
        let isBehind: Bool
        let isNegated: Bool
    }

    private(set) var instructions: [Instruction] = []
    private(set) var classes: [ScalarClass] = []
    private(set) var looks: [Look] = []
    /// Whether it has a group to take.
    private(set) var takes = false
    /// What a match can begin with, by its ASCII; nil where it may begin with nothing.
    private(set) var first: ScalarClass.ASCII?
    let isBackward: Bool

    /// A count is written out, and each scalar of a text costs a step for every state that is alive. RFC 9485,
    /// section 8, leaves such limits to implementations.
    static let maximumSize = 10_000

    init(_ syntax: PatternSyntax, isBackward: Bool = false) throws(PatternError) {
        self.isBackward = isBackward
        try append(syntax)
        instructions.append(.accept)
        first = findFirst()
    }

    /// Whether it can match at the start of a text only.
    var isAnchored: Bool {
        if case .assert(.textStart) = instructions[0] { true } else { false }
    }

    /// Each piece adds an instruction at least, so that the limit ends the work as well as the size.
    private mutating func append(_ syntax: PatternSyntax) throws(PatternError) {
        guard instructions.count < Self.maximumSize else {
            throw PatternError(
                "this pattern is too large", range: 0..<0,
                hint: "its counts, multiplied where nested, may total at most \(Self.maximumSize)",
                code: .tooLarge)
        }
        switch syntax {
        case .characters(let set):
            instructions.append(.consume(classes.count))
            classes.append(set)
        case .assertion(let assertion): instructions.append(.assert(assertion))
        case .sequence(let pieces): for piece in isBackward ? pieces.reversed() : pieces { try append(piece) }
        case .alternatives(let branches): try appendAlternatives(branches[...])
        case .repeated(let body, let minimum, let maximum, let isLazy):
            try append(body, minimum: minimum, maximum: maximum, isLazy: isLazy)
        case .taken(let body):
            takes = true
            instructions.append(.takeStart)
            try append(body)
            instructions.append(.takeEnd)
        case .look(let body, let isBehind, let isNegated):
            instructions.append(.look(looks.count))
            let program = try PatternProgram(body, isBackward: !isBehind)
            looks.append(Look(program: program, isBehind: isBehind, isNegated: isNegated))
        }
    }

    private mutating func appendAlternatives(_ branches: ArraySlice<PatternSyntax>) throws(PatternError) {
        var ends: [Int] = []
        for branch in branches.dropLast() {
            let split = appendPlaceholder()
            try append(branch)
            ends.append(appendPlaceholder())
            instructions[split] = .split(split + 1, instructions.count)
        }
        if let last = branches.last { try append(last) }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func append(
        _ body: PatternSyntax, minimum: Int, maximum: Int?, isLazy: Bool
    ) throws(PatternError) {
        for _ in 0..<minimum { try append(body) }
        guard let maximum else {
            let entry = appendPlaceholder()
            try append(body)
            // Back behind the entry, so that a body which takes nothing is gone through once.
            let end = instructions.count + 1
            instructions.append(isLazy ? .split(end, entry + 1) : .split(entry + 1, end))
            return setSplit(entry, isLazy)
        }
        var splits: [Int] = []
        for _ in minimum..<maximum {
            splits.append(appendPlaceholder())
            try append(body)
        }
        for split in splits { setSplit(split, isLazy) }
    }

    /// Into the body that follows, or past all that there is.
    private mutating func setSplit(_ split: Int, _ isLazy: Bool) {
        let (body, end) = (split + 1, instructions.count)
        instructions[split] = isLazy ? .split(end, body) : .split(body, end)
    }

    private mutating func appendPlaceholder() -> Int {
        instructions.append(.accept)
        return instructions.count - 1
    }

    private func findFirst() -> ScalarClass.ASCII? {
        var found = ScalarClass.ASCII()
        var reached: Set<Int> = []
        var pending = [0]
        while let state = pending.popLast() {
            guard reached.insert(state).inserted else { continue }
            switch instructions[state] {
            case .consume(let set): found.formUnion(classes[set].ascii)
            case .split(let first, let second): pending += [first, second]
            case .jump(let target): pending.append(target)
            case .assert, .look, .takeStart, .takeEnd: pending.append(state + 1)
            case .accept: return nil
            }
        }
        return found
    }
}
