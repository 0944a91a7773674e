import Scenario

struct JSONPathTarget: FuzzTarget {
    let corpus = [
        "$", "$.a.b", "$['a']['b c'][0][-1]", "$[0,1,'a',*]", "$..a", "$..[*]", "$[1:5:2]", "$[::-1]", "$[?@.a]",
        "$[?@.a==1&&@.b!='x'||!(@.c<2)]",
        "$..[?length(@.a)>2]", "$[?count(@.*)==value($..b)]", "$[?match(@.a,'[a-z]+') && search(@.b, \"\\\\p{Lu}\")]",
        "$[? @.a [0] == $ . b ]",
        "$[\"\\uD834\\uDD1E\"]", "$[?@[?@>1]]", "$.é", "$[?@ == -1.5e+3]",
    ]
    let tokens = [
        "$", "@", ".", "..", "[", "]", "*", "?", "(", ")", "!", "&&", "||", "==", "!=", "<", "<=", ">", ">=", ",", ":",
        "'", "\"", "\\", "\\u", "\\uD834", "\\uDD1E", " ",
        "\n", "0", "-", "1", "9007199254740992", "1e5", "true", "false", "null", "length(", "count(", "value(",
        "match(", "search(", "'a'", "@.a", "$..*", "é", "\u{0}", "{9999}",
    ]
    let maximumLength = 8_192

    private let documents = [
        #"{"a":{"b":1,"c":[1,2,{"a":"x"}]},"b c":[0,1.5,"Ab",null,true],"é":{"a":[],"":{}}}"#,
        #"[[1,2,[3]],{"a":1,"b":"x","c":2},"text",-0.0]"#, "1",
    ].map { try? JSONDocument(parsing: Array($0.utf8)).root }

    func check(_ text: [UInt8]) throws -> Bool {
        let query = String(decoding: text, as: UTF8.self)
        let path: JSONPath
        do throws(JSONPathError) { path = try JSONPath(parsing: query) } catch {
            try require(error.range.upperBound <= query.utf8.count, "the error is outside the query")
            return false
        }
        try require(path.description.utf8.elementsEqual(query.utf8), "the query does not keep its text")
        // A long query may select the same nodes many times, which takes time in proportion to the results.
        guard query.utf8.count <= 100 else { return true }
        for case let root? in documents { try check(path, root) }
        return true
    }

    private func check(_ path: JSONPath, _ root: JSONNode) throws {
        let located = path.located(in: root)
        try require(path.nodes(in: root) == located.map(\.node), "nodes and located nodes differ")
        try require(path.first(in: root) == located.first?.node, "the first node differs")
        try require(!path.isSingular || located.count <= 1, "a singular query finds several nodes")
        for (place, node) in located.prefix(20) {
            let found = try JSONPath(parsing: place.description).located(in: root)
            try require(found.map(\.path) == [place], "\(place) does not find itself")
            try require(found.map(\.node) == [node], "\(place) finds another node")
        }
    }
}
