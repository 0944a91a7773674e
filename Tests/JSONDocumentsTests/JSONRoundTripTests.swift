import TestSupport
import Testing

@testable import JSONDocuments

/// Random documents, serialized and parsed again.
@Suite struct JSONRoundTripTests {
    @Test("a value survives serializing and parsing", arguments: 0..<20 as Range<UInt64>)
    func valuesSurvive(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let value = JSON.random(depth: 5, using: &random)
            for text in [value.serialized(), value.serialized(indent: 2), value.spaced(using: &random)] {
                let root = try JSONDocument(parsing: Array(text.utf8), options: .scenario).root
                #expect(root.value == value)
                #expect(root == value)
                #expect(root.value.serialized() == value.serialized())
            }
        }
    }

    /// A proper prefix of a document is not a document, unless the document is a number.
    @Test("no proper prefix of an array is accepted")
    func noPrefixIsAccepted() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            let text = Array(JSON.array([.random(depth: 4, using: &random)]).serialized().utf8)
            for end in text.indices {
                #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: Array(text[..<end])) }
            }
        }
    }

    /// A changed text is either parsed or rejected with a place within it.
    @Test("random byte changes never crash the parser")
    func changedBytesNeverCrash() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            var text = Array(JSON.random(depth: 4, using: &random).serialized().utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                text[Int.random(in: text.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            for options in [JSONParsingOptions.strict, .scenario] {
                do throws(JSONSyntaxError) {
                    let root = try JSONDocument(parsing: text, options: options).root
                    #expect(root == root.value)
                } catch {
                    #expect(error.range.upperBound <= text.count)
                }
            }
        }
    }
}
