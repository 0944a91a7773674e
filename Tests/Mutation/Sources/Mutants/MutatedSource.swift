/// A file's source with several mutants compiled in, of which a run chooses one.
///
/// `a < b` becomes `(_mutant(17) ? a <= b : a < b)`, and a statement becomes `if _mutant(18) {} else { statement }`. A mutant may
/// be in the unchanged part of another one.
package struct MutatedSource: Sendable {
    package let text: String
    /// Where each mutant is in `text`, as UTF-8 offsets. Several for a mutant with several edits.
    private(set) var spans: [(number: Int, range: Range<Int>)] = []
    /// `scope` of each mutant, in `text`.
    private(set) var scopes: [Int: Range<Int>] = [:]
    let source: SourceText

    /// Mutants by number.
    package init(_ original: String, mutants: [(number: Int, mutant: Mutant)]) {
        var renderer = SchemaRenderer(source: SourceText(original))
        let edits = mutants.flatMap { number, mutant in mutant.edits.map { NumberedEdit(number: number, edit: $0) } }
        let marks = mutants.map { Mark(number: $0.number, range: $0.mutant.scope) }
        renderer.render(edits.sorted(by: NumberedEdit.isOutside)[...], marks: marks)
        text = String(decoding: renderer.output, as: UTF8.self)
        spans = renderer.spans
        scopes = renderer.scopes
        source = SourceText(text)
    }
}

struct NumberedEdit {
    let number: Int
    let edit: Edit

    /// Outer edits first. A statement is outside an expression of the same range.
    static func isOutside(_ one: NumberedEdit, _ other: NumberedEdit) -> Bool {
        let (first, second) = (one.edit.range, other.edit.range)
        if first.lowerBound != second.lowerBound { return first.lowerBound < second.lowerBound }
        if first.upperBound != second.upperBound { return first.upperBound > second.upperBound }
        if one.edit.form != other.edit.form { return one.edit.form == .statement }
        return one.number < other.number
    }
}

struct Mark {
    let number: Int
    let range: Range<Int>
}

private struct SchemaRenderer {
    let source: SourceText
    var output: [UInt8] = []
    var spans: [(number: Int, range: Range<Int>)] = []
    var scopes: [Int: Range<Int>] = [:]
    /// Offset in the source and in the output, for each piece that was copied.
    private var pieces: [(source: Int, output: Int)] = []

    init(source: SourceText) { self.source = source }

    mutating func render(_ edits: ArraySlice<NumberedEdit>, marks: [Mark]) {
        render(0..<source.bytes.count, edits)
        for mark in marks {
            scopes[mark.number] = position(of: mark.range.lowerBound)..<position(of: mark.range.upperBound)
        }
    }

    private mutating func render(_ range: Range<Int>, _ edits: ArraySlice<NumberedEdit>) {
        var edits = edits
        var position = range.lowerBound
        while let next = edits.popFirst() {
            let whole = next.edit.range
            let inner = edits.prefix { $0.edit.range.lowerBound < max(whole.upperBound, whole.lowerBound + 1) }
            edits = edits.dropFirst(inner.count)
            copy(position..<whole.lowerBound)
            let start = output.count
            switch next.edit.form {
            case .expression: write("(_mutant(\(next.number)) ? \(next.edit.replacement) : ")
            case .statement: write("if _mutant(\(next.number)) { \(next.edit.replacement) } else { ")
            }
            render(whole, inner)
            write(next.edit.form == .expression ? ")" : " }")
            spans.append((next.number, start..<output.count))
            position = whole.upperBound
        }
        copy(position..<range.upperBound)
    }

    private mutating func copy(_ range: Range<Int>) {
        pieces.append((range.lowerBound, output.count))
        output += source.bytes[range]
    }

    private mutating func write(_ text: String) { output += text.utf8 }

    private func position(of offset: Int) -> Int {
        let piece = pieces.last { $0.source <= offset } ?? (0, 0)
        return min(piece.output + offset - piece.source, output.count)
    }
}
