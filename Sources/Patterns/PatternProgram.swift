/// A pattern compiled to the states of a nondeterministic automaton (Thompson, "Regular Expression Search Algorithm",
/// 1968).
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// Consumes a scalar of this class and goes to the next instruction.
        case consume(Int)
        /// Goes to either instruction without consuming; the first is preferred.
        case split(Int, Int)
        case jump(Int)
        case assert(PatternAssertion)
        /// Continues if this lookaround holds.
        case look(Int)
        /// The captured text starts or ends here.
        case takeStart
        case takeEnd
        case accept
    }

    /// A lookaround, matched separately from the text's main path through the program.
    struct Look: Sendable {
        /// The body. For a lookahead, it reads backwards, from every position where a match may end.
        let program: PatternProgram
        let isBehind: Bool
        let isNegated: Bool
    }

    private(set) var instructions: [Instruction] = []
    private(set) var classes: [ScalarClass] = []
    private(set) var looks: [Look] = []
    /// Whether the pattern has a capturing group.
    private(set) var takes = false
    /// The ASCII characters that a match can start with; nil if it can match the empty text.
    private(set) var first: ScalarClass.ASCII?
    let isBackward: Bool

    /// Maximum number of instructions. Counts are unrolled, and each scalar of a text costs a step for every active
    /// state. RFC 9485, section 8, leaves such limits to implementations.
    static let maximumSize = 10_000

    init(_ syntax: PatternSyntax, isBackward: Bool = false) throws(PatternError) {
        self.isBackward = isBackward
        try append(syntax)
        instructions.append(.accept)
        first = findFirst()
    }

    /// Whether it can match only at the start of a text.
    var isAnchored: Bool {
        if case .assert(.textStart) = instructions[0] { true } else { false }
    }

    /// Every piece adds at least one instruction, so the limit also bounds the work.
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
            // Jump behind the entry, so that a body that consumes nothing runs only once.
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

    /// Splits into the body that follows and the end of the program so far.
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
