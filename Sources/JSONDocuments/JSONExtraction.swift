/// One pass of a ``JSONExtractor`` over a text.
///
/// It calls itself only along the extractor's paths; everything else is skipped in a loop. Tokens are those of
/// ``JSONLexer``, so that both this and ``JSONScanner`` accept the same texts. A scan that cannot continue returns no
/// value, or throws if the lexer does; both mean to give up.
struct JSONExtraction: ~Escapable {
    let text: JSONLexer
    private let nodes: Span<JSONExtractor.Node>
    private let names: Span<UInt8>

    @_lifetime(copy text, copy nodes, copy names)
    init(_ text: Span<UInt8>, nodes: Span<JSONExtractor.Node>, names: Span<UInt8>) {
        self.text = JSONLexer(text, options: .strict)
        self.nodes = nodes
        self.names = names
    }

    /// - Returns: whether all of the text has been scanned.
    func run(_ found: inout [JSONExtract]) throws(JSONSyntaxError) -> Bool {
        try text.refuseByteOrderMark()
        let start = try text.skipTrivia(at: 0)
        let root = try value(at: start, node: 0, depth: 0, &found)
        guard !root.isMissing else { return false }
        return try text.skipTrivia(at: root.range.upperBound) == text.bytes.count
    }

    /// Scans the value of a node.
    /// - Parameter depth: the number of containers around it.
    private func value(
        at start: Int, node: Int, depth: Int, _ found: inout [JSONExtract]
    ) throws(JSONSyntaxError) -> JSONExtract {
        let value: JSONExtract
        switch text.byte(at: start) {
        case UInt8(ascii: "{") where nodes[node].child >= 0:
            value = try object(at: start, node: node, depth: depth, &found)
        case UInt8(ascii: "[") where nodes[node].child >= 0:
            value = try array(at: start, node: node, depth: depth, &found)
        default: value = try skip(from: start, depth: depth)
        }
        let path = Int(nodes[node].path)
        if path >= 0 { found[path] = value }
        return value
    }

    private func object(
        at start: Int, node: Int, depth: Int, _ found: inout [JSONExtract]
    ) throws(JSONSyntaxError) -> JSONExtract {
        guard depth < text.options.maximumDepth else { return JSONExtract() }
        var position = try text.skipTrivia(at: start + 1)
        if text.byte(at: position) == UInt8(ascii: "}") { return JSONExtract(.object, start..<position + 1) }
        var count = 0
        while true {
            guard text.byte(at: position) == UInt8(ascii: "\"") else { return JSONExtract() }
            let (nameEnd, isEscaped) = try text.stringEnd(from: position)
            guard !isEscaped else { return JSONExtract() }
            let child = member(of: node, named: position + 1..<nameEnd - 1)
            position = try text.skipTrivia(at: nameEnd)
            guard text.byte(at: position) == UInt8(ascii: ":") else { return JSONExtract() }
            position = try text.skipTrivia(at: position + 1)
            let value = try scan(child, at: position, depth: depth + 1, &found)
            guard !value.isMissing else { return JSONExtract() }
            count += 1
            switch try next(after: value, closing: UInt8(ascii: "}")) {
            case .child(let next): position = next
            case .end(let end): return JSONExtract(.object, start..<end, count: count)
            case .neither: return JSONExtract()
            }
        }
    }

    private func array(
        at start: Int, node: Int, depth: Int, _ found: inout [JSONExtract]
    ) throws(JSONSyntaxError) -> JSONExtract {
        guard depth < text.options.maximumDepth else { return JSONExtract() }
        var position = try text.skipTrivia(at: start + 1)
        if text.byte(at: position) == UInt8(ascii: "]") { return JSONExtract(.array, start..<position + 1) }
        var count = 0
        while true {
            let child = element(of: node, at: count)
            let value = try scan(child, at: position, depth: depth + 1, &found)
            guard !value.isMissing else { return JSONExtract() }
            count += 1
            switch try next(after: value, closing: UInt8(ascii: "]")) {
            case .child(let next): position = next
            case .end(let end): return JSONExtract(.array, start..<end, count: count)
            case .neither: return JSONExtract()
            }
        }
    }

    private enum Next {
        case child(at: Int)
        /// After the closing bracket.
        case end(Int)
        case neither
    }

    /// Scans what follows a child of a container: a comma, or the closing bracket.
    @inline(__always)
    private func next(after child: JSONExtract, closing: UInt8) throws(JSONSyntaxError) -> Next {
        let position = try text.skipTrivia(at: child.range.upperBound)
        if text.byte(at: position) == closing { return .end(position + 1) }
        guard text.byte(at: position) == UInt8(ascii: ",") else { return .neither }
        return .child(at: try text.skipTrivia(at: position + 1))
    }

    /// Scans a child of a container that a path leads into.
    /// - Parameter node: the child's node, or nil if no path leads to it.
    @inline(__always)
    private func scan(
        _ node: Int?, at start: Int, depth: Int, _ found: inout [JSONExtract]
    ) throws(JSONSyntaxError) -> JSONExtract {
        guard let node else { return try skip(from: start, depth: depth) }
        // The last of several members with the same name counts, with everything in it.
        for below in node..<Int(nodes[node].end) where nodes[below].path >= 0 {
            found[Int(nodes[below].path)] = JSONExtract()
        }
        return try value(at: start, node: node, depth: depth, &found)
    }

    @inline(__always)
    private func member(of node: Int, named name: Range<Int>) -> Int? {
        var child = Int(nodes[node].child)
        while child >= 0 {
            let node = nodes[child]
            if node.position < 0, Int(node.nameCount) == name.count {
                let start = Int(node.nameStart)
                var offset = 0
                while offset < name.count, text.bytes[name.lowerBound + offset] == names[start + offset] { offset += 1 }
                if offset == name.count { return child }
            }
            child = Int(node.sibling)
        }
        return nil
    }

    @inline(__always)
    private func element(of node: Int, at position: Int) -> Int? {
        var child = Int(nodes[node].child)
        while child >= 0 {
            if nodes[child].position == position { return child }
            child = Int(nodes[child].sibling)
        }
        return nil
    }
}
