/// Finds several values in a JSON text in one pass, each by the names and positions that lead to it.
///
/// It keeps no tape and allocates nothing, so it suits responses whose bytes never repeat. It finds the same values as
/// a ``JSONDocument`` with strict options, or gives up: on a text that is not JSON, and on a name with escapes in an
/// object that it looks into. The caller then parses the text, which also tells what is wrong with it.
package struct JSONExtractor: Sendable {
    /// A step from a value to one of its children.
    package enum Step: Hashable, Sendable {
        /// To a member by its name, in UTF-8. Of several with the same name, to the last.
        case name([UInt8])
        /// To an element by its position, counted from 0.
        case position(Int)
    }

    /// A place in the tree of all paths. Those below it follow it directly.
    struct Node {
        /// The number of the path that ends here, or -1.
        var path: Int32 = -1
        /// The first node below, or -1.
        var child: Int32 = -1
        /// The next node with the same parent, or -1.
        var sibling: Int32 = -1
        /// The index after the last node below.
        var end: Int32 = 0
        /// The element's position, or -1 for a member.
        var position = -1
        /// The member's name, as a range of ``names``.
        var nameStart: Int32 = 0
        var nameCount: Int32 = 0
    }

    private var nodes: [Node] = []
    private var names: [UInt8] = []
    /// The number of paths.
    package let count: Int

    /// - Parameter paths: paths from the root, all different.
    package init(_ paths: [[Step]]) {
        count = paths.count
        add(nil, to: paths.indices.map { ($0, paths[$0][...]) })
    }

    /// Adds a node and those below it.
    /// - Parameter paths: the rest of each path that leads through this node.
    private mutating func add(_ step: Step?, to paths: [(number: Int, rest: ArraySlice<Step>)]) {
        let index = nodes.count
        var node = Node()
        switch step {
        case .name(let name):
            node.nameStart = Int32(names.count)
            node.nameCount = Int32(name.count)
            names += name
        case .position(let position): node.position = position
        case nil: break
        }
        if let path = paths.first(where: { $0.rest.isEmpty }) { node.path = Int32(path.number) }
        nodes.append(node)
        var previous: Int?
        var known: Set<Step> = []
        for case let step? in paths.map({ $0.rest.first }) where known.insert(step).inserted {
            let child = nodes.count
            if let previous { nodes[previous].sibling = Int32(child) } else { nodes[index].child = Int32(child) }
            previous = child
            add(step, to: paths.filter { $0.rest.first == step }.map { ($0.number, $0.rest.dropFirst()) })
        }
        nodes[index].end = Int32(nodes.count)
    }

    /// A copy with memory of its own.
    package func copy() -> JSONExtractor {
        var copy = self
        copy.nodes = nodes.map { $0 }
        copy.names = names.map { $0 }
        return copy
    }

    /// Finds the values.
    /// - Parameter found: receives the value of each path; it has ``count`` elements or more.
    /// - Returns: false to give up. `found` then means nothing.
    package func find(in text: Span<UInt8>, _ found: inout [JSONExtract]) -> Bool {
        guard text.count <= JSONTapeEntry.maximumTextLength else { return false }
        for path in 0..<count { found[path] = JSONExtract() }
        let extraction = JSONExtraction(text, nodes: nodes.span, names: names.span)
        do throws(JSONSyntaxError) { return try extraction.run(&found) } catch { return false }
    }
}
