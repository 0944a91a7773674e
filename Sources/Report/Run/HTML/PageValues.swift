/// A page's values as nested dictionaries, in which Mustache looks up names quickly.
///
/// Mustache can reflect the structures itself, but it reflects all members on every look-up, which dominates the time
/// of a large page. Here each structure is reflected once.
enum PageValues {
    /// Nil for an optional without a value.
    static func reflect(_ value: Any) -> Any? {
        if value is String || value is Int || value is Bool { return value }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { reflect($0.value) }
        case .collection: return mirror.children.compactMap { reflect($0.value) }
        default:
            var members: [String: Any] = [:]
            for case (let name?, let member) in mirror.children { members[name] = reflect(member) }
            return members
        }
    }
}
