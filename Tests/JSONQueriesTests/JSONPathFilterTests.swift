import JSONDocuments
import Testing

@testable import JSONQueries

@Suite struct JSONPathFilterTests {
    /// Indices of the document's elements that a filter keeps.
    private func kept(_ filter: String, _ document: String) throws -> [Int] {
        let root = try JSONDocument(parsing: Array(document.utf8)).root
        return try JSONPath(parsing: "$[?\(filter)]").located(in: root).compactMap {
            if case .index(let index) = $0.path.steps.last { index } else { nil }
        }
    }

    @Test(
        "a query in a filter tests for existence",
        arguments: [
            ("@.a", #"[{"a":1},{"b":1},{"a":null},[],1,{"a":false}]"#, [0, 2, 5]),
            ("!@.a", #"[{"a":1},{"b":1},1]"#, [1, 2]),
            ("@", "[null,0,false]", [0, 1, 2]), ("@.*", "[1,[],[1],{},{\"a\":1}]", [2, 4]),
            ("@..a", #"[{"b":{"a":1}},{"b":1}]"#, [0]),
            ("@[0,1]", "[[],[1]]", [1]), ("@[1:]", "[[1],[1,2]]", [1]), ("$[0]", "[1,2]", [0, 1]), ("$.a", "[1,2]", []),
            ("@['a','b']", #"[{"b":1},{"c":1}]"#, [0]), ("@[?@>1]", "[[0],[0,1],[1,2],3]", [2]),
            ("!@[?@>1]", "[[0],[2]]", [0]),
        ])
    func existence(_ filter: String, _ document: String, _ expected: [Int]) throws {
        #expect(try kept(filter, document) == expected)
    }

    private static let values = #"[null,true,false,0,1,-1,1.5,"","a","b","1",[],[1],{},{"a":1}]"#

    @Test(
        "comparisons select values of matching type",
        arguments: [
            ("@==null", [0]), ("@==true", [1]), ("@==false", [2]), ("@==0", [3]), ("@==-0", [3]), ("@==1", [4]),
            ("@==1.0", [4]),
            ("@==10e-1", [4]), ("@==1E0", [4]), ("@==1.5", [6]), ("@==''", [7]), ("@=='a'", [8]), ("@==\"1\"", [10]),
            ("@==@", Array(0...14)), ("@!=@", []), ("@!=1", [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
            ("@<1", [3, 5]), ("@<=1", [3, 4, 5]), ("@>1", [6]), ("@>=1", [4, 6]), ("1>@", [3, 5]),
            ("@<'b'", [7, 8, 10]),
            ("@<='b'", [7, 8, 9, 10]), ("@>''", [8, 9, 10]), ("@<null", []), ("@<=null", [0]), ("@>=true", [1]),
            ("@<=false", [2]),
            ("@<true", []), ("@>false", []), ("@==$[11]", [11]), ("@<=$[12]", [12]), ("@<$[12]", []),
            ("@==$[14]", [14]),
            ("@.a==1", [14]), ("@[0]==1", [12]), ("@.b==$.c", Array(0...14)), ("@.b!=$.c", []),
            ("@.b<=$.c", Array(0...14)),
            ("@.b<$.c", []), ("@.a==@.b", Array(0...13)), ("@.b==null", []), ("@.b!=null", Array(0...14)),
            ("@.b<1", []),
            ("1==1", Array(0...14)), ("1==2", []), ("'a'<'b'", Array(0...14)), ("null==null", Array(0...14)),
            ("1=='1'", []),
        ])
    func comparison(_ filter: String, _ expected: [Int]) throws {
        #expect(try kept(filter, Self.values) == expected)
    }

    @Test(
        "comparisons are exact for numbers, strings and structures",
        arguments: [
            ("@==9007199254740993", "[9007199254740992,9007199254740993]", [1]),
            ("@<1e400", "[1e399,1e400,1e999999999]", [0]),
            ("@==100", "[1e2,100.00,1000e-1,\"100\"]", [0, 1, 2]), ("@>0.1", "[0.1,0.10000000000000001]", [1]),
            // By scalars: U+FFFD sorts before U+10000, unlike in UTF-16, and nothing is normalized.
            ("@<'\u{10000}'", "[\"\u{FFFD}\",\"\u{10001}\"]", [0]), ("@=='\u{E9}'", "[\"\u{E9}\",\"e\u{301}\"]", [0]),
            ("@=='\\u00e9'", #"["\u00E9"]"#, [0]), ("@=='it\\'s'", #"["it's","it\\'s"]"#, [0]),
            ("@==\"\\\"\"", #"["\""]"#, [0]),
            (
                "@.a==@.b", #"[{"a":{"x":1,"y":[2]},"b":{"y":[2.0],"x":1}},{"a":[1,2],"b":[2,1]},{"a":[1],"b":[1,2]}]"#,
                [0]
            ),
            ("@.a==@.b", #"[{"a":{"x":1},"b":{"x":1,"y":2}},{"a":{"x":1,"x":2},"b":{"x":2}}]"#, [1]),
        ])
    func exactness(_ filter: String, _ document: String, _ expected: [Int]) throws {
        #expect(try kept(filter, document) == expected)
    }

    private static let flags =
        #"[{},{"c":1},{"b":1},{"b":1,"c":1},{"a":1},{"a":1,"c":1},{"a":1,"b":1},{"a":1,"b":1,"c":1}]"#

    @Test(
        "logical operators follow their precedence",
        arguments: [
            ("@.a||@.b&&@.c", [3, 4, 5, 6, 7]), ("(@.a||@.b)&&@.c", [3, 5, 7]), ("@.a&&@.b||@.c", [1, 3, 5, 6, 7]),
            ("@.a&&(@.b||@.c)", [5, 6, 7]), ("!@.a&&!@.b", [0, 1]), ("!(@.a||@.b)", [0, 1]),
            ("!(@.a&&@.b)", [0, 1, 2, 3, 4, 5]),
            ("!(!@.a)", [4, 5, 6, 7]), ("((@.a))", [4, 5, 6, 7]), ("!@.a||@.a==1", Array(0...7)),
            ("@.a==1&&@.b==1&&@.c==1", [7]),
            ("@.a || @.b || @.c", Array(1...7)), ("! @.a", [0, 1, 2, 3]), ("! ( @.a )", [0, 1, 2, 3]),
            ("@.a\n==\t1\r&& @ .b", [6, 7]), ("@.a== 1&&(@.b ==1)", [6, 7]),
        ])
    func logic(_ filter: String, _ expected: [Int]) throws {
        #expect(try kept(filter, Self.flags) == expected)
    }

    @Test("filters apply to members of objects")
    func membersAreFilteredToo() throws {
        let root = try JSONDocument(parsing: Array(#"{"a":1,"b":2,"c":3}"#.utf8)).root
        let located = try JSONPath(parsing: "$[?@<3]").located(in: root)
        #expect(located.map(\.path.description) == ["$['a']", "$['b']"])
        #expect(try JSONPath(parsing: "$.a[?@]").nodes(in: root).isEmpty)
    }

    @Test(
        "functions work as RFC 9535 defines them",
        arguments: [
            ("length(@)==2", #"["ab","😀😀","é","e\u0301",[1,2],{"a":1,"b":2},12,null,"abc"]"#, [0, 1, 3, 4, 5]),
            ("length(@.a)>0", #"[{"a":"x"},{"a":[]},{"a":1},{}]"#, [0]), ("length('abc')==3", "[0]", [0]),
            ("length(1)==1", "[0]", []),
            ("length(@.a)==length(@.b)", #"[{"a":"x","b":[1]},{"a":1},{"a":""}]"#, [0, 1]),
            ("length(null)==@.x", "[0]", [0]),
            ("count(@.*)==2", #"[[1,2],{"a":1,"b":2},"ab",[]]"#, [0, 1]), ("count(@..*)>2", "[[[1],2],[1]]", [0]),
            ("count(@)==1", "[0]", [0]),
            ("count(@['a','a'])==2", #"[{"a":1}]"#, [0]), ("count($)==1", "[0]", [0]), ("count(@.a.b)==0", "[0]", [0]),
            ("value(@.a)==1", #"[{"a":1},{"a":2},{}]"#, [0]), ("value(@.*)==1", "[[1],[1,1],[]]", [0]),
            ("value(@..a)==1", #"[{"b":{"a":1}}]"#, [0]),
            ("value(@[0,0])==1", "[[1]]", []), ("length(value(@.*))==2", #"[["ab"],["ab","cd"]]"#, [0]),
            ("value(@.x)==@.y", "[0]", [0]),
            ("match(@,'a.c')", #"["abc","xabc","abcx","a\nc",1,null]"#, [0]),
            ("!match(@,'a')", #"["a","b",1]"#, [1, 2]),
            ("search(@,'a.c')", #"["abc","xabcx","a\nc","ac",1]"#, [0, 1]),
            ("match(@.a,@.b)", #"[{"a":"xy","b":"x."},{"a":"xy"},{"a":"xy","b":1}]"#, [0]),
            ("match(@,value($..nothing))", #"["a"]"#, []), ("search(@,'[')", #"["["]"#, []),
            ("match(@,'')", #"["","a"]"#, [0]),
            ("match(@.a,'a')&&search(@.b,\"b\")", #"[{"a":"a","b":"abc"},{"a":"a","b":"c"}]"#, [0]),
            ("match('a','a')", "[0]", [0]),
            ("count( @.* )==1", "[[1]]", [0]), ("match( @ , 'a' )", #"["a"]"#, [0]),
            ("length(@ .a [0])==1", #"[{"a":["x"]}]"#, [0]),
        ])
    func functions(_ filter: String, _ document: String, _ expected: [Int]) throws {
        #expect(try kept(filter, document) == expected)
    }
}
