import FoundationEssentials

extension JSON {
    /// The JSON form of a value, with sorted members except for those that come first.
    ///
    /// - Parameter names: the members that come first, in this order, in every object that has them.
    /// - Throws: if the value contains an infinite number or NaN, which JSON does not have.
    package init(encoding value: some Encodable, first names: [String]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self = try JSONDocument(parsing: Array(encoder.encode(value))).root.value.moving(names)
    }

    private func moving(_ names: [String]) -> JSON {
        switch self {
        case .array(let elements): return .array(elements.map { $0.moving(names) })
        case .object(let members):
            let first = names.compactMap { name in members[name].map { (name, $0) } }
            let others = members.filter { !names.contains($0.key) }.map { ($0.key, $0.value) }
            return .object(JSONObject((first + others).map { ($0, $1.moving(names)) }))
        default: return self
        }
    }
}
