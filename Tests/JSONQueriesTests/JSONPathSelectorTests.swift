import JSONDocuments
import Testing

@testable import JSONQueries

@Suite struct JSONPathSelectorTests {
    private static let digits = "[0,1,2,3,4,5,6,7,8,9]"

    @Test(
        "name selectors select members",
        arguments: [
            JSONPathCase("$", "1", "$"), JSONPathCase("$", "{\"a\":[]}", "$"),
            JSONPathCase("$.a", #"{"a":1,"b":2}"#, "$['a']"), JSONPathCase("$.c", #"{"a":1}"#),
            JSONPathCase("$.a", "[1]"),
            JSONPathCase("$.a", "\"a\""), JSONPathCase("$.a", "null"),
            JSONPathCase("$.a.b.c", #"{"a":{"b":{"c":null}}}"#, "$['a']['b']['c']"),
            JSONPathCase("$._", #"{"_":1}"#, "$['_']"), JSONPathCase("$.a1_Z", #"{"a1_Z":1}"#, "$['a1_Z']"),
            JSONPathCase("$.é€😀", #"{"é€😀":1}"#, "$['é€😀']"), JSONPathCase("$.true", #"{"true":1}"#, "$['true']"),
            JSONPathCase("$['a']", #"{"a":1}"#, "$['a']"), JSONPathCase("$[\"a\"]", #"{"a":1}"#, "$['a']"),
            JSONPathCase("$['']", #"{"":1}"#, "$['']"), JSONPathCase("$['a.b']", #"{"a.b":1,"a":{"b":2}}"#, "$['a.b']"),
            JSONPathCase("$['*']", #"{"*":1,"a":2}"#, "$['*']"), JSONPathCase("$['0']", "[1]"),
            JSONPathCase("$['a']", "[]"),
            JSONPathCase(#"$['it\'s "so"']"#, #"{"it's \"so\"":1}"#, #"$['it\'s "so"']"#),
            JSONPathCase(#"$["it's \"so\""]"#, #"{"it's \"so\"":1}"#, #"$['it\'s "so"']"#),
            JSONPathCase(#"$['\b\f\n\r\t\/\\']"#, #"{"\b\f\n\r\t\/\\":1}"#, #"$['\b\f\n\r\t/\\']"#),
            JSONPathCase(#"$['\u0041\u00e9\u00E9']"#, #"{"Aéé":1}"#, "$['Aéé']"),
            JSONPathCase(#"$['\uD834\uDD1E']"#, "{\"\u{1D11E}\":1}", "$['\u{1D11E}']"),
            JSONPathCase(#"$["\uD834\uDD1E"]"#, #"{"\uD834\uDD1E":1}"#, "$['\u{1D11E}']"),
            JSONPathCase(#"$['\u0000\u001f']"#, #"{"\u0000\u001F":1}"#, #"$['\u0000\u001f']"#),
            JSONPathCase("$['\u{7F}']", "{\"\u{7F}\":1}", "$['\u{7F}']"),
            // Looks the same, but has other scalars.
            JSONPathCase("$['e\u{301}']", "{\"\u{E9}\":1}"), JSONPathCase("$.a", #"{"a":1,"a":2}"#, "$['a']"),
        ])
    func names(_ example: JSONPathCase) throws { try example.check() }

    @Test(
        "wildcards, indices and lists select in order",
        arguments: [
            JSONPathCase("$.*", #"{"a":1,"b":[2]}"#, "$['a']", "$['b']"),
            JSONPathCase("$[*]", "[1,[2]]", "$[0]", "$[1]"),
            JSONPathCase("$.*", "\"a\""), JSONPathCase("$[*]", "[]"), JSONPathCase("$.*", "{}"),
            JSONPathCase("$.*.*", "[[1],[2,3]]", "$[0][0]", "$[1][0]", "$[1][1]"),
            JSONPathCase("$[0]", "[5]", "$[0]"), JSONPathCase("$[1]", "[5]"), JSONPathCase("$[-1]", "[5,6]", "$[1]"),
            JSONPathCase("$[-2]", "[5,6]", "$[0]"), JSONPathCase("$[-3]", "[5,6]"), JSONPathCase("$[0]", #"{"0":1}"#),
            JSONPathCase("$[9007199254740991]", "[1]"), JSONPathCase("$[-9007199254740991]", "[1]"),
            JSONPathCase("$[0,2,0]", "[1,2,3]", "$[0]", "$[2]", "$[0]"),
            JSONPathCase("$['b','a']", #"{"a":1,"b":2}"#, "$['b']", "$['a']"),
            JSONPathCase("$[*,0]", "[1,2]", "$[0]", "$[1]", "$[0]"),
            JSONPathCase("$['a',0,*]", #"{"a":1}"#, "$['a']", "$['a']"),
            JSONPathCase("$[0,1:3,?@==1]", "[1,2,3]", "$[0]", "$[1]", "$[2]", "$[0]"),
        ])
    func wildcardsIndicesAndLists(_ example: JSONPathCase) throws { try example.check() }

    @Test(
        "slices select elements",
        arguments: [
            ("1:3", [1, 2]), (":", Array(0...9)), ("::", Array(0...9)), (":2", [0, 1]), ("8:", [8, 9]),
            ("::3", [0, 3, 6, 9]),
            ("1:8:3", [1, 4, 7]), ("-2:", [8, 9]), (":-8", [0, 1]), ("-3:-1", [7, 8]), ("5:5", []), ("6:5", []),
            ("20:", []),
            (":20", Array(0...9)), ("-20:2", [0, 1]), ("0:0", []), ("::0", []), ("1:5:0", []),
            ("::-1", Array((0...9).reversed())), ("3::-1", [3, 2, 1, 0]), (":7:-1", [9, 8]), ("::-4", [9, 5, 1]),
            ("5:1:-2", [5, 3]), ("1:5:-1", []), ("-1:-4:-1", [9, 8, 7]), ("20:7:-1", [9, 8]),
            ("3:-20:-1", [3, 2, 1, 0]),
            ("-20::-1", []), (":-20:-1", Array((0...9).reversed())), ("0::-1", [0]),
            (":0:-1", Array((1...9).reversed())),
            ("9007199254740991:-9007199254740991:-9007199254740991", [9]), ("2:9007199254740991", Array(2...9)),
            ("1::9007199254740991", [1]),
        ])
    func slices(_ slice: String, _ found: [Int]) throws {
        let root = try JSONDocument(parsing: Array(Self.digits.utf8)).root
        #expect(try JSONPath(parsing: "$[\(slice)]").nodes(in: root).map { $0.number?.int } == found)
    }

    @Test("slices select nothing from values other than arrays", arguments: ["$[1:2]", "$[::-1]", "$[:]", "$[0:0:0]"])
    func slicesOfWhatIsNoArray(_ query: String) throws {
        for document in ["{\"0\":1}", "\"text\"", "1", "[]"] {
            let root = try JSONDocument(parsing: Array(document.utf8)).root
            #expect(try JSONPath(parsing: query).nodes(in: root).isEmpty)
        }
    }

    @Test(
        "descendant segments select at every depth",
        arguments: [
            JSONPathCase("$..a", #"{"a":{"a":1},"b":[{"a":2}]}"#, "$['a']", "$['a']['a']", "$['b'][0]['a']"),
            JSONPathCase("$..['a']", #"[{"a":1}]"#, "$[0]['a']"),
            JSONPathCase("$..*", "[[1],2]", "$[0]", "$[1]", "$[0][0]"),
            JSONPathCase("$..[*]", "[0,1]", "$[0]", "$[1]"), JSONPathCase("$..[0]", "[[1,2],3]", "$[0]", "$[0][0]"),
            JSONPathCase("$..[-1:]", "[[1,2],[3]]", "$[1]", "$[0][1]", "$[1][0]"), JSONPathCase("$..a", "1"),
            JSONPathCase("$..['a','b']", #"[{"b":1,"a":2},{"a":3}]"#, "$[0]['a']", "$[0]['b']", "$[1]['a']"),
            JSONPathCase("$..a..b", #"{"a":{"a":{"b":1}}}"#, "$['a']['a']['b']", "$['a']['a']['b']"),
            JSONPathCase("$.x..y", #"{"x":{"y":1},"y":2}"#, "$['x']['y']"),
            JSONPathCase("$..[?@.a]", #"[{"a":1},[{"a":2}]]"#, "$[0]", "$[1][0]"),
            JSONPathCase("$..[1].a", #"[0,{"a":[1,{"a":2}]}]"#, "$[1]['a']", "$[1]['a'][1]['a']"),
        ])
    func descendants(_ example: JSONPathCase) throws { try example.check() }

    @Test(
        "blanks are allowed where RFC 9535 allows them",
        arguments: [
            JSONPathCase("$ .a", #"{"a":1}"#, "$['a']"), JSONPathCase("$\n\t\r ['a'] [0]", #"{"a":[1]}"#, "$['a'][0]"),
            JSONPathCase("$ ..a", #"{"a":1}"#, "$['a']"),
            JSONPathCase("$[ 'a' , 'b' ]", #"{"a":1,"b":2}"#, "$['a']", "$['b']"),
            JSONPathCase("$[\n0\t:\r2 : 1 ]", "[1,2,3]", "$[0]", "$[1]"), JSONPathCase("$[ : ]", "[1]", "$[0]"),
            JSONPathCase("$[ : : ]", "[1]", "$[0]"), JSONPathCase("$[1 :]", "[1,2]", "$[1]"),
            JSONPathCase("$[ 0 ]", "[1]", "$[0]"),
            JSONPathCase("$[ ? @ ]", "[1]", "$[0]"), JSONPathCase("$[ * ]", "[1]", "$[0]"),
            JSONPathCase("$.. [0]".replacing(" ", with: ""), "[1]", "$[0]"),
        ])
    func blanks(_ example: JSONPathCase) throws { try example.check() }

    @Test("the root is the node that is queried")
    func rootIsTheNodeThatIsAsked() throws {
        let root = try JSONDocument(parsing: Array(#"{"a":1,"b":{"a":2,"c":[{"a":2},{"a":1}]}}"#.utf8)).root
        let inner = try #require(root["b"])
        #expect(try JSONPath(parsing: "$.a").nodes(in: inner).map(\.value) == [2])
        #expect(try JSONPath(parsing: "$.c[?@.a == $.a]").located(in: inner).map(\.path.description) == ["$['c'][0]"])
    }

    @Test("a singular query is recognized")
    func singular() throws {
        for query in ["$", "$.a", "$['a'][0][-1]", "$ [ 'a' ]"] { #expect(try JSONPath(parsing: query).isSingular) }
        for query in ["$.*", "$[0,1]", "$..a", "$[0:1]", "$[?@]"] { #expect(try !JSONPath(parsing: query).isSingular) }
    }

    @Test("queries are compared by structure and keep their text")
    func equality() throws {
        #expect(try JSONPath(parsing: "$.a") == JSONPath(parsing: "$ [ \"\\u0061\" ]"))
        #expect(try JSONPath(parsing: "$.a") != JSONPath(parsing: "$.b"))
        #expect(try JSONPath(parsing: "$['e\u{301}']") != JSONPath(parsing: "$['\u{E9}']"))
        #expect(try JSONPath(parsing: "$ .a").description == "$ .a")
    }
}
