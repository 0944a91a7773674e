/// A pattern as the states of a nondeterministic automaton (Thompson, "Regular Expression Search Algorithm", 1968).
struct IRegexpProgram: Sendable {
    enum Instruction: Sendable {
        /// Goes on to the next one with a scalar of this class.
        case consume(ScalarClass)
        /// Goes on without a scalar, here or there.
        case split(Int, Int)
        case jump(Int)
        case assertStart
        case assertEnd
        case accept
    }

    private(set) var instructions: [Instruction] = []

    /// A count is written out, and each scalar of a text costs a step for every state that is alive. RFC 9485,
    /// section 8, leaves such limits to implementations.
    static let maximumSize = 10_000

    init(_ syntax: IRegexpSyntax) throws(IRegexpError) {
        try append(syntax)
        instructions.append(.accept)
    }

    /// Each piece adds an instruction at least, so that the limit ends the work as well as the size.
    private mutating func append(_ syntax: IRegexpSyntax) throws(IRegexpError) {
        guard instructions.count < Self.maximumSize else {
            throw IRegexpError(
                "this pattern is too large", range: 0..<0,
                hint: "its counts, multiplied where one is within the other, may come to \(Self.maximumSize) at most",
                code: .tooLarge)
        }
        switch syntax {
        case .characters(let set): instructions.append(.consume(set))
        case .start: instructions.append(.assertStart)
        case .end: instructions.append(.assertEnd)
        case .sequence(let pieces): for piece in pieces { try append(piece) }
        case .alternatives(let branches): try appendAlternatives(branches[...])
        case .repeated(let body, let minimum, let maximum): try append(body, minimum: minimum, maximum: maximum)
        }
    }

    private mutating func appendAlternatives(_ branches: ArraySlice<IRegexpSyntax>) throws(IRegexpError) {
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

    private mutating func append(_ body: IRegexpSyntax, minimum: Int, maximum: Int?) throws(IRegexpError) {
        for _ in 0..<minimum { try append(body) }
        guard let maximum else { return try appendLoop(body) }
        var splits: [Int] = []
        for _ in minimum..<maximum {
            splits.append(appendPlaceholder())
            try append(body)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }

    private mutating func appendLoop(_ body: IRegexpSyntax) throws(IRegexpError) {
        let split = appendPlaceholder()
        try append(body)
        instructions.append(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
    }

    private mutating func appendPlaceholder() -> Int {
        instructions.append(.accept)
        return instructions.count - 1
    }
}
