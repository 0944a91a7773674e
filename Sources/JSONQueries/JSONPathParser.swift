import JSONDocuments

/// Parses a query by the grammar of RFC 9535 (appendix A) and checks the rules that the grammar does not express: the
/// range of integers, and the types of arguments.
struct JSONPathParser {
    let bytes: [UInt8]
    var position = 0
    private var depth = 0

    /// Maximum nesting of filters, parentheses and functions, so that no query exhausts the stack.
    private static let maximumDepth = 100

    init(_ text: String) { bytes = Array(text.utf8) }

    /// `jsonpath-query = root-identifier segments`
    mutating func parse() throws(JSONPathError) -> JSONPathQuery {
        guard take("$") else {
            throw error("expected '$' at the start of the query", hint: isAtBlank ? "remove the space" : nil)
        }
        let (segments, _) = try parseSegments()
        guard position == bytes.count else {
            if isAtBlank { throw error("unexpected space after the query", hint: "remove it") }
            throw error("expected a segment", hint: "a segment starts with '.' or '['")
        }
        return JSONPathQuery(isAbsolute: true, segments: segments)
    }

    /// `segments = *(S segment)`, and whether the text also matches `singular-query-segments`, which allows no
    /// whitespace within brackets.
    mutating func parseSegments() throws(JSONPathError) -> (segments: [JSONPathSegment], isSingular: Bool) {
        var segments: [JSONPathSegment] = []
        var isSingular = true
        while true {
            let start = position
            skipBlanks()
            if take("[") {
                segments.append(try parseBrackets(isDescendant: false, isSingular: &isSingular))
            } else if take("..") {
                isSingular = false
                segments.append(try parseDescendants())
            } else if take(".") {
                segments.append(try parseChild(isSingular: &isSingular))
            } else {
                position = start
                return (segments, isSingular)
            }
        }
    }

    private mutating func parseChild(isSingular: inout Bool) throws(JSONPathError) -> JSONPathSegment {
        if take("*") {
            isSingular = false
            return JSONPathSegment(isDescendant: false, selectors: [.wildcard])
        }
        return JSONPathSegment(isDescendant: false, selectors: [try parseShorthand(after: "'.'")])
    }

    private mutating func parseDescendants() throws(JSONPathError) -> JSONPathSegment {
        var isSingular = false
        if take("[") { return try parseBrackets(isDescendant: true, isSingular: &isSingular) }
        if take("*") { return JSONPathSegment(isDescendant: true, selectors: [.wildcard]) }
        return JSONPathSegment(isDescendant: true, selectors: [try parseShorthand(after: "'..'")])
    }

    /// `member-name-shorthand = name-first *name-char`
    private mutating func parseShorthand(after dots: String) throws(JSONPathError) -> JSONPathSelector {
        let start = position
        while isNameByte(at: position), position > start || !isDigit(at: position) { position += 1 }
        guard position > start else {
            throw error(
                "expected a name or '*' after \(dots)",
                hint: isAtBlank ? "remove the space" : "write any other name as ['name']")
        }
        return .name(Array(bytes[start..<position]))
    }

    /// `bracketed-selection = "[" S selector *(S "," S selector) S "]"`
    private mutating func parseBrackets(
        isDescendant: Bool, isSingular: inout Bool
    ) throws(JSONPathError) -> JSONPathSegment {
        let open = position - 1
        var selectors: [JSONPathSelector] = []
        repeat {
            if skipBlanks() { isSingular = false }
            selectors.append(try parseSelector())
            if skipBlanks() { isSingular = false }
        } while take(",")
        guard take("]") else {
            if position == bytes.count {
                throw JSONPathError("this bracket is not closed", range: open..<open + 1, hint: "close it with ']'")
            }
            throw error("expected ',' or ']' after a selector")
        }
        let segment = JSONPathSegment(isDescendant: isDescendant, selectors: selectors)
        if !segment.isSingular { isSingular = false }
        return segment
    }

    private mutating func parseSelector() throws(JSONPathError) -> JSONPathSelector {
        switch current {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .name(try parseString())
        case UInt8(ascii: "*"):
            position += 1
            return .wildcard
        case UInt8(ascii: "?"):
            position += 1
            skipBlanks()
            return .filter(try parseCondition())
        case UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try parseIndexOrSlice()
        default:
            let isName = isNameByte(at: position)
            throw error(
                "expected a selector",
                hint: isName
                    ? "quote names in brackets" : "a selector is a quoted name, an index, a slice, * or ?")
        }
    }

    /// `index-selector = int`; `slice-selector = [start S] ":" S [end S] [":" [S step ]]`
    private mutating func parseIndexOrSlice() throws(JSONPathError) -> JSONPathSelector {
        let start = current == UInt8(ascii: ":") ? nil : try parseInteger()
        let end = position
        skipBlanks()
        guard take(":") else {
            position = end
            // Without a colon, it started with a number.
            return .index(start ?? 0)
        }
        var slice = JSONPathSlice(start: start)
        skipBlanks()
        slice.end = try parseOptionalInteger()
        skipBlanks()
        if take(":") {
            skipBlanks()
            slice.step = try parseOptionalInteger() ?? 1
        }
        return .slice(slice)
    }

    private mutating func parseOptionalInteger() throws(JSONPathError) -> Int? {
        isDigit(at: position) || current == UInt8(ascii: "-") ? try parseInteger() : nil
    }

    /// Enters a construct that can contain itself.
    mutating func enter() throws(JSONPathError) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw error("this query is nested more than \(Self.maximumDepth) levels deep")
        }
    }

    mutating func leave() { depth -= 1 }
}
