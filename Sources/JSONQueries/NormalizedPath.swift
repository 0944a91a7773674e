import JSONDocuments

/// The canonical path of a node (RFC 9535, section 2.7): `$['todos'][0]['title']`.
package struct NormalizedPath: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case name(String)
        case index(Int)
    }

    package let steps: [Step]

    package init(_ steps: [Step]) { self.steps = steps }

    init(_ trail: FullTrail, in document: JSONDocument) {
        var steps: [Step] = []
        var trail = trail
        walk: while true {
            switch trail {
            case .root: break walk
            case .member(let parent, let name):
                steps.append(.name(document.text(at: name)))
                trail = parent
            case .element(let parent, let position):
                steps.append(.index(position))
                trail = parent
            }
        }
        self.init(steps.reversed())
    }

    package var description: String { steps.reduce(into: "$") { $0 += $1.description } }
}

extension NormalizedPath.Step: CustomStringConvertible {
    package var description: String {
        switch self {
        case .index(let index): "[\(index)]"
        case .name(let name): "['" + name.unicodeScalars.map(Self.escaped).joined() + "']"
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "'": "\\'"
        case "\\": "\\\\"
        case "\u{8}": "\\b"
        case "\t": "\\t"
        case "\n": "\\n"
        case "\u{C}": "\\f"
        case "\r": "\\r"
        case "\0"..."\u{1F}": (scalar.value < 0x10 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
        default: String(scalar)
        }
    }
}
