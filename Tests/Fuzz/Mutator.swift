import TestSupport

/// Derives texts from others by cutting, duplicating, joining and corrupting them.
struct Mutator {
    private let corpus: [[UInt8]]
    private let tokens: [[UInt8]]
    private let maximumLength: Int
    private var random: SeededGenerator

    init(_ corpus: [String], tokens: [String], maximumLength: Int, seed: UInt64) {
        self.corpus = corpus.map { Array($0.utf8) }
        self.tokens = tokens.map { Array($0.utf8) }
        self.maximumLength = maximumLength
        random = SeededGenerator(seed: seed)
    }

    mutating func next() -> [UInt8] {
        var text = pick(corpus)
        for _ in 0..<Int.random(in: 0...6, using: &random) { mutate(&text) }
        return Array(text.prefix(maximumLength))
    }

    private mutating func mutate(_ text: inout [UInt8]) {
        let range = range(in: text)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: text.replaceSubrange(range, with: [])
        case 1: text.insert(contentsOf: text[range], at: range.lowerBound)
        case 2: text.replaceSubrange(range, with: pick(tokens))
        case 3, 4: text.insert(contentsOf: pick(tokens), at: range.lowerBound)
        case 5: text.insert(.random(in: 0...255, using: &random), at: range.lowerBound)
        case 6:
            if range.lowerBound < text.count { text[range.lowerBound] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 7:
            let other = pick(corpus)
            text.insert(contentsOf: other[self.range(in: other)], at: range.lowerBound)
        case 8: text = Array(text[range])
        // Long repetitions reveal superlinear time.
        default:
            let times = min(1 << Int.random(in: 1...14, using: &random), maximumLength / max(range.count, 1))
            let repeated = Array(repeatElement(text[range], count: times).joined())
            text.insert(contentsOf: repeated, at: range.lowerBound)
        }
    }

    private mutating func range(in text: [UInt8]) -> Range<Int> {
        let start = Int.random(in: 0...text.count, using: &random)
        // Mostly short pieces.
        let longest = min(text.count - start, Bool.random(using: &random) ? 3 : text.count)
        return start..<start + Int.random(in: 0...longest, using: &random)
    }

    private mutating func pick(_ texts: [[UInt8]]) -> [UInt8] { texts[Int.random(in: texts.indices, using: &random)] }
}
