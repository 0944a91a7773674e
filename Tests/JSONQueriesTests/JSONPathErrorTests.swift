import JSONDocuments
import Testing

@testable import JSONQueries

@Suite struct JSONPathErrorTests {
    @Test("an invalid query is rejected with a place and a message", arguments: invalid)
    func isRefused(_ query: String) throws {
        let error = try #require(throws: JSONPathError.self) { try JSONPath(parsing: query) }
        #expect(0...query.utf8.count ~= error.range.upperBound)
        #expect(!error.message.isEmpty && error.message.first?.isUppercase == false && !error.message.hasSuffix("."))
    }

    static let invalid: [String] =
        [
            // Missing root, or trailing text
            "", " ", "a", "@", "@.a", "$a", " $", "$ ", "$\n", "$.a ", "$.a\n", "$$", "$.a$", "$x.a", ".a", "[0]", "$-",
            "$;", "$\u{0}",
            // Dots
            "$.", "$..", "$...", "$...a", "$. a", "$.\ta", "$.. a", "$..\n[0]", "$. *", "$.1", "$.1a", "$.-", "$.a-b",
            "$.'a'", "$.\"a\"", "$.&",
            "$.a.", "$.a..", "$.[0]", "$.(a)", "$.a b", "$.$", "$.@", "$..1", "$..$", "$.a\u{0}", "$.a,b", "$.**",
            "$..**", "$.*a", "$.?@",
            // Brackets
            "$[]", "$[", "$]", "$[ ]", "$[0", "$[0]]", "$[[0]]", "$[,]", "$[0,]", "$[,0]", "$[0,,1]", "$[0 1]",
            "$['a' 'b']", "$[a]", "$[a,b]", "$[@]",
            "$[$]", "$[.a]", "$[true]", "$[null]", "$[(0)]", "$[**]", "$[*a]", "$[0.1]", "$['a'.b]", "$[0;1]",
            "$['a'][", "$(0)", "${0}",
            // Indices and slices
            "$[01]", "$[-0]", "$[-01]", "$[00]", "$[+1]", "$[1.0]", "$[1e0]", "$[- 1]", "$[--1]", "$[-]", "$[0x1]",
            "$[1_0]", "$[٣]",
            "$[9007199254740992]", "$[-9007199254740992]", "$[99999999999999999999999999999999]",
            "$[-99999999999999999999999999999999]",
            "$[1:2:3:4]", "$[:::]", "$[a:b]", "$[1:a]", "$[1:2:a]", "$[01:]", "$[-0:]", "$[:01]", "$[:-0]", "$[::01]",
            "$[::-0]", "$[1.0:]", "$[:1.0]",
            "$[::1e0]", "$[9007199254740992:]", "$[:9007199254740992]", "$[::9007199254740992]",
            "$[::-9007199254740992]", "$['a':]", "$[1;2]", "$[1:'a']",
            "$[1:- 1]", "$[1 2:]", "$[:+1]", "$[::+1]", "$[:*]", "$[1:,]x",
            // Strings
            "$['a]", "$[\"a]", "$['a\"]", "$['", "$[\"", "$['a'b']", "$['\\']", "$['\\\"']", "$[\"\\'\"]", #"$['\a']"#,
            #"$['\x41']"#, #"$['\0']"#, #"$['\v']"#,
            #"$['\e']"#, #"$['\?']"#, #"$['\ ']"#, #"$['\u']"#, #"$['\u12']"#, #"$['\u123']"#, #"$['\u123g']"#,
            #"$['\U0041']"#, #"$['\u+041']"#, #"$['\u{41}']"#,
            #"$['\uD834']"#, #"$['\uDD1E']"#, #"$['\uDD1E\uD834']"#, #"$['\uD834\uD834']"#, #"$['\uD834\u0041']"#,
            #"$['\uD834x']"#, #"$['\uD834\n']"#,
            #"$['\uD834\uDD1']"#, "$['a\\", "$['\n']", "$['\t']", "$['\u{0}']", "$['\u{1F}']", "$[\"\u{1}\"]",
            "$['\\\n']", #"$["\N{DIGIT ONE}"]"#, "$[`a`]",
            // Filters: operands and operators
            "$[?]", "$[?", "$[? ]", "$[?()]", "$[?(@]", "$[?@)]", "$[?(@.a", "$[?@.a", "$?@.a", "$[@.a]", "$[?a]",
            "$[?.a]", "$[?'a']", "$[?1]", "$[?1.5]",
            "$[?true]", "$[?false]", "$[?null]", "$[?!true]", "$[?!1]", "$[?(true)]", "$[?@ @]", "$[?@.a @.b]",
            "$[?@.a,]", "$[??@.a]", "$[?*]", "$[?..a]",
            "$[?@.a&&]", "$[?&&@.a]", "$[?@.a||]", "$[?||@.a]", "$[?@.a&&&&@.b]", "$[?@.a&@.b]", "$[?@.a|@.b]",
            "$[?@.a and @.b]", "$[?@.a or @.b]",
            "$[?not @.a]", "$[?@.a&& true]", "$[?true||@.a]", "$[?@.a==1&&true]", "$[?@.a ==1 2]", "$[?!]", "$[?!!@.a]",
            "$[?! ! @.a]", "$[?@.a!]",
            // Comparisons
            "$[?@.a=1]", "$[?@.a===1]", "$[?@.a<>1]", "$[?@.a=>1]", "$[?@.a=<1]", "$[?@.a= =1]", "$[?@.a! =1]",
            "$[?@.a< =1]", "$[?@.a=~'a']", "$[?@.a==]",
            "$[?==1]", "$[?@.a==1==1]", "$[?1<@.a<3]", "$[?@.a<]", "$[?!@.a==1]", "$[?!1==1]", "$[?!length(@)==1]",
            "$[?(@.a)==1]", "$[?1==(1)]",
            "$[?@.a==(@.b)]", "$[?(@.a==1)==true]", "$[?@.*==1]", "$[?@[*]==1]", "$[?@..a==1]", "$[?@[0,1]==1]",
            "$[?@['a','b']==1]", "$[?@[0:1]==1]",
            "$[?@[?@.a]==1]", "$[?1==@.*]", "$[?$..a==1]", "$[?$.*==1]", "$[?@.a[*].b==1]", "$[?@.a==[1]]",
            "$[?@.a=={}]", "$[?@.a==True]", "$[?@.a==FALSE]",
            "$[?@.a==Null]", "$[?@.a==nul]", "$[?@.a==nulls]", "$[?@.a==undefined]", "$[?@.a==b]", "$[?@ in [1]]",
            "$[?@.a==1 or 2]",
            // The grammar does not allow blanks within the brackets of a compared query.
            "$[?@[ 'a' ]==1]", "$[?@['a' ]==1]", "$[?@[ 0]==1]", "$[?1==@[0\n]]", "$[?length(@[ 0 ])==1]",
            // Numbers
            "$[?@==01]", "$[?@==00]", "$[?@==-01]", "$[?@==+1]", "$[?@==.1]", "$[?@==-.1]", "$[?@==1.]", "$[?@==1.e1]",
            "$[?@==1e]", "$[?@==1e+]", "$[?@==1e1.5]",
            "$[?@==- 1]", "$[?@==--1]", "$[?@==1e2e3]", "$[?@==1 .5]", "$[?@==0x1]", "$[?@==1a]", "$[?@==-]",
            "$[?@==Infinity]", "$[?@==NaN]", "$[?@==1,5]x",
            // Functions
            "$[?length(@)]", "$[?!length(@)]", "$[?count(@.*)]", "$[?value(@.a)]", "$[?length()==1]",
            "$[?length(@,@)==1]", "$[?length(@.*)==1]", "$[?length(@..a)==1]",
            "$[?length(@[0,1])==1]", "$[?length(@.a==1)==1]", "$[?length((@.a))==1]", "$[?length(match(@,'a'))==1]",
            "$[?length(!@.a)==1]", "$[?length (@)==1]",
            "$[?length\n(@)==1]", "$[?length(@==1]", "$[?length @==1]", "$[?length==1]", "$[?length(@,)==1]",
            "$[?length(,@)==1]", "$[?count()==1]", "$[?count(1)==1]",
            "$[?count('a')==1]", "$[?count(true)==1]", "$[?count(@.a,@.b)==1]", "$[?count(@.a==1)==1]",
            "$[?count(length(@))==1]", "$[?count((@.a))==1]", "$[?count(!@.a)==1]",
            "$[?value()==1]", "$[?value('a')==1]", "$[?value(1)==1]", "$[?value(@.a,@.b)==1]",
            "$[?value(value(@.a))==1]", "$[?match(@,'a')==true]", "$[?match(@,'a')==1]",
            "$[?true==match(@,'a')]", "$[?match(@)]", "$[?match()]", "$[?match(@,'a','b')]", "$[?match(@.*,'a')]",
            "$[?match(@,@.*)]", "$[?match(@ 'a')]",
            "$[?search(@,'a')!=false]", "$[?search(@)]", "$[?search(@,)]", "$[?search(@,'a'b)]",
            "$[?match((@.a),('a'))]", "$[?foo(@)]", "$[?foo()]", "$[?Length(@)==1]",
            "$[?LENGTH(@)==1]", "$[?_length(@)==1]", "$[?length.(@)==1]", "$[?@.length()==1]", "$.length()",
            "$[length(@)]", "length($)", "$[?size(@)>1]", "$[?match(@,'a]",
        ]

    /// ‹…› marks the error's range and is not part of the query.
    @Test(
        "an error has its place, message and hint",
        arguments: [
            ("‹a›.b", "expected '$' at the start of the query", nil),
            ("$.‹›", "expected a name or '*' after '.', but the query ends", "write any other name as ['name']"),
            ("$.‹ ›a", "expected a name or '*' after '.'", "remove the space"),
            ("$.a‹ ›", "unexpected space after the query", "remove it"),
            ("$.a‹-›b", "expected a segment", "a segment starts with '.' or '['"),
            ("$‹[›0", "this bracket is not closed", "close it with ']'"),
            ("$[0 ‹1›]", "expected ',' or ']' after a selector", nil),
            ("$[‹n›ame]", "expected a selector", "quote names in brackets"),
            ("$[‹01›]", "an index cannot be -0 or have leading zeros", "remove the leading zeros"),
            ("$[‹-0›]", "an index cannot be -0 or have leading zeros", "write 0"),
            ("$[‹9007199254740992›]", "this index is outside ±9007199254740991", nil),
            ("$[‹'›é]", "this string is not closed", "close it with the quote that opened it"),
            (#"$['é‹\x›']"#, "unknown escape sequence", #"write \\ for a backslash"#),
            (
                #"$['‹\uD834›']"#, "this is an unpaired surrogate",
                "write both halves of the pair, or the character itself"
            ),
            (
                "$[?‹@.*›==1]", "only a query that selects at most one node can be compared",
                "use only names and indices"
            ),
            (
                "$[?‹@[ 0 ]›==1]", "only a query that selects at most one node can be compared",
                "remove the spaces inside the brackets"
            ),
            ("$[?‹!›@.a==1]", "'!' does not apply to a comparison", "put the comparison in parentheses: !(…)"),
            ("$[?‹'a'›]", "a literal must be compared with something", "for example @.name == 'value'"),
            ("$[?‹length(@)›]", "this function's result must be compared with something", "for example length(@) > 0"),
            ("$[?‹match(@,'a')›==true]", "this function returns true or false and cannot be compared", nil),
            (
                "$[?length(‹@.*›)==1]", "length() takes only a query that selects at most one node",
                "value() accepts any query"
            ),
            ("$[?count(‹1›)==1]", "count() takes a query", "queries start with @ or $"),
            (
                "$[?‹size›(@)==1]", "unknown function size()",
                "the functions are length(), count(), value(), match() and search()"
            ),
            ("$[?match(@‹)›]", "match() takes two arguments: a string and a pattern", nil),
            ("$[?@==‹1.›]", "expected a digit after the point", nil),
            (
                "$[?‹count›Z(@)==1]", "expected a query, a literal or a function",
                "queries start with @ or $; strings are quoted"
            ),
            (
                "$[?@==‹abc›]", "expected a query, a literal or a function",
                "queries start with @ or $; strings are quoted"
            ),
            ("$[?(@.a‹]›", "expected ')'", "conditions are joined by && or ||"),
        ] as [(String, String, String?)])
    func place(_ marked: String, _ message: String, _ hint: String?) throws {
        let parts = marked.split(separator: /[‹›]/, omittingEmptySubsequences: false).map { String($0) }
        let error = try #require(throws: JSONPathError.self) { try JSONPath(parsing: parts.joined()) }
        #expect(error.message == message)
        #expect(error.hint == hint)
        let start = parts[0].utf8.count
        #expect(error.range == start..<start + parts[1].utf8.count)
    }

    @Test("filters that nest too deeply are rejected")
    func nestingIsLimited() throws {
        for (open, close) in [("(", ")"), ("!(", ")"), ("@[?", "]"), ("length(", ")")] {
            let query =
                "$[?" + String(repeating: open, count: 10_000) + "@" + String(repeating: close, count: 10_000) + "]"
            #expect(throws: JSONPathError.self) { try JSONPath(parsing: query) }
        }
        _ = try JSONPath(
            parsing: "$[?" + String(repeating: "(", count: 90) + "@" + String(repeating: ")", count: 90) + "]")
        _ = try JSONPath(parsing: "$" + String(repeating: "[0]", count: 10_000))
    }

    @Test("a pattern that is too large is an error")
    func aPatternPastTheLimitIsAnError() throws {
        let error = try #require(throws: JSONPathError.self) { try JSONPath(parsing: "$[?match(@, 'a{1000000}')]") }
        #expect(error.message == "this pattern is too large")
        #expect(error.range == 12..<24)
    }
}
