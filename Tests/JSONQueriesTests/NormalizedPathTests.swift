import JSONDocuments
import TestSupport
import Testing

@testable import JSONQueries

@Suite struct NormalizedPathTests {
    @Test("a normalized path is escaped as RFC 9535 requires")
    func spelling() {
        let path = NormalizedPath([.name("a"), .index(0), .name("it's \"\\\"")])
        #expect(path.description == #"$['a'][0]['it\'s "\\"']"#)
        let controls = String(
            String.UnicodeScalarView((0..<32).compactMap(Unicode.Scalar.init(_:) as (UInt32) -> Unicode.Scalar?)))
        #expect(
            NormalizedPath([.name(controls)]).description
                == #"$['\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
                + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f']"#
        )
        #expect(NormalizedPath([.name("\u{7F}é\u{2028}😀/")]).description == "$['\u{7F}é\u{2028}😀/']")
        #expect(NormalizedPath([]).description == "$")
    }

    /// `$..*` finds all nodes except the root.
    @Test("a normalized path is a query for exactly its node", arguments: 0..<10 as Range<UInt64>)
    func isAQueryForItsNode(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let everything = try JSONPath(parsing: "$..*")
        for _ in 0..<50 {
            let text = JSON.random(depth: 4, using: &random).serialized()
            let root = try JSONDocument(parsing: Array(text.utf8)).root
            let located = everything.located(in: root)
            #expect(Set(located.map(\.path)).count == located.count)
            #expect(everything.nodes(in: root).map(\.index) == located.map(\.node.index))
            for (path, node) in located {
                let query = try JSONPath(parsing: path.description)
                #expect(query.isSingular)
                let again = query.located(in: root)
                #expect(again.map(\.node.index) == [node.index])
                #expect(again.map(\.path) == [path])
            }
        }
    }
}
