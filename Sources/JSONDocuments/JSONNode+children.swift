/// The elements of an array, in order; empty for any other value.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let document: JSONDocument
    @usableFromInline var index: Int
    @usableFromInline let end: Int

    @inlinable init(_ node: JSONNode) {
        document = node.document
        index = node.index + 1
        end = node.entry.kind == .array ? Int(node.entry.next) : index
    }

    @inlinable package mutating func next() -> JSONNode? {
        guard index < end else { return nil }
        defer { index = Int(document.tape[index].next) }
        return JSONNode(document: document, index: index)
    }
}

/// The members of an object, in order; empty for any other value.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let document: JSONDocument
    @usableFromInline var index: Int
    @usableFromInline let end: Int

    @inlinable init(_ node: JSONNode) {
        document = node.document
        index = node.index + 1
        end = node.entry.kind == .object ? Int(node.entry.next) : index
    }

    @inlinable package mutating func next() -> (key: JSONNode, value: JSONNode)? {
        guard index < end else { return nil }
        let key = JSONNode(document: document, index: index)
        let value = JSONNode(document: document, index: index + 1)
        index = Int(value.entry.next)
        return (key, value)
    }
}

extension JSONNode {
    @inlinable package var elements: JSONElements { JSONElements(self) }

    @inlinable package var members: JSONMembers { JSONMembers(self) }

    /// The value of the last member with this name.
    @inlinable package subscript(key: String) -> JSONNode? {
        var key = key
        key.makeContiguousUTF8()
        return document.member(of: index, named: key.utf8.span).map { JSONNode(document: document, index: $0) }
    }

    @inlinable package subscript(index: Int) -> JSONNode? {
        document.element(of: self.index, at: index).map { JSONNode(document: document, index: $0) }
    }
}

extension JSONDocument {
    /// The tape index of the value of the last member with this name.
    @inlinable package func member(of object: Int, named name: Span<UInt8>) -> Int? {
        guard tape[object].kind == .object else { return nil }
        let end = Int(tape[object].next)
        var key = object + 1
        var found: Int?
        while key < end {
            if isString(at: key, name) { found = key + 1 }
            key = Int(tape[key + 1].next)
        }
        return found
    }

    /// The tape index of an element, counted from 0.
    @inlinable package func element(of array: Int, at position: Int) -> Int? {
        guard tape[array].kind == .array, position >= 0, position < tape[array].count else { return nil }
        var element = array + 1
        for _ in 0..<position { element = Int(tape[element].next) }
        return element
    }
}
