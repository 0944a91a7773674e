import JSONDocuments

/// Evaluates queries on a document's tape.
struct JSONPathEvaluator {
    let document: JSONDocument
    /// The tape index of `$`.
    let root: Int
    let memory = JSONPathMemory()

    init(_ root: JSONNode) {
        document = root.document
        self.root = root.index
    }

    func select<Trail: JSONPathTrail>(
        _ query: JSONPathQuery, from start: JSONPathPlace<Trail>
    ) -> [JSONPathPlace<Trail>] {
        var places = [start]
        for segment in query.segments {
            var found: [JSONPathPlace<Trail>] = []
            for place in places { apply(segment, to: place, &found) }
            places = found
        }
        return places
    }

    /// The first node. For a singular query, nothing else is searched.
    func first(_ query: JSONPathQuery, from start: Int) -> Int? {
        query.isSingular
            ? document.find(query, from: start) : select(query, from: JSONPathPlace<NoTrail>(start)).first?.index
    }

    private func apply<Trail: JSONPathTrail>(
        _ segment: JSONPathSegment, to place: JSONPathPlace<Trail>, _ found: inout [JSONPathPlace<Trail>]
    ) {
        for selector in segment.selectors { apply(selector, to: place, &found) }
        guard segment.isDescendant else { return }
        for child in children(of: place) { apply(segment, to: child, &found) }
    }

    private func apply<Trail: JSONPathTrail>(
        _ selector: JSONPathSelector, to place: JSONPathPlace<Trail>, _ found: inout [JSONPathPlace<Trail>]
    ) {
        switch selector {
        case .name(let name):
            if let value = document.member(of: place.index, named: name.span) { found.append(place.member(value)) }
        case .index(let position):
            let position = document.position(position, in: place.index)
            if let element = document.element(of: place.index, at: position) {
                found.append(place.element(element, at: position))
            }
        case .wildcard: found.append(contentsOf: children(of: place))
        case .slice(let slice): apply(slice, to: place, &found)
        case .filter(let condition):
            for child in children(of: place) where holds(condition, at: child.index) { found.append(child) }
        }
    }

    /// Applies a slice as RFC 9535, section 2.3.4.2.2, specifies.
    private func apply<Trail: JSONPathTrail>(
        _ slice: JSONPathSlice, to place: JSONPathPlace<Trail>, _ found: inout [JSONPathPlace<Trail>]
    ) {
        guard document.tape[place.index].kind == .array, slice.step != 0 else { return }
        let elements = Array(children(of: place))
        let count = elements.count
        func normalized(_ position: Int) -> Int { position < 0 ? count + position : position }
        if slice.step > 0 {
            let lower = min(max(normalized(slice.start ?? 0), 0), count)
            let upper = min(max(normalized(slice.end ?? count), 0), count)
            for position in stride(from: lower, to: upper, by: slice.step) { found.append(elements[position]) }
        } else {
            let upper = min(max(normalized(slice.start ?? count - 1), -1), count - 1)
            let lower = min(max(slice.end.map(normalized) ?? -1, -1), count - 1)
            for position in stride(from: upper, to: lower, by: slice.step) { found.append(elements[position]) }
        }
    }

    private func children<Trail: JSONPathTrail>(of place: JSONPathPlace<Trail>) -> JSONPathChildren<Trail> {
        JSONPathChildren(of: place, in: document)
    }
}

extension JSONDocument {
    /// The tape index of the node that a singular query selects.
    func find(_ query: JSONPathQuery, from start: Int) -> Int? {
        var index = start
        for segment in query.segments {
            let child: Int? =
                switch segment.selectors[0] {
                case .name(let name): member(of: index, named: name.span)
                case .index(let place): element(of: index, at: position(place, in: index))
                // No other selectors are singular.
                case .wildcard, .slice, .filter: nil
                }
            guard let child else { return nil }
            index = child
        }
        return index
    }

    /// Negative positions count from the end.
    fileprivate func position(_ position: Int, in array: Int) -> Int {
        position < 0 ? position + Int(tape[array].count) : position
    }
}
