/// Every key that a scenario file can contain.
package enum ScenarioVocabulary {
    package static var keys: Set<String> {
        var seen: Set<String> = []
        var keys: Set<String> = []
        collect(ScenarioShapes.scenario, &seen, &keys)
        return keys
    }

    private static func collect(_ object: ObjectShape, _ seen: inout Set<String>, _ keys: inout Set<String>) {
        guard seen.insert(object.name).inserted else { return }
        for key in object.keys {
            keys.insert(key.name)
            collect(key.shape, &seen, &keys)
        }
    }

    private static func collect(_ shape: Shape, _ seen: inout Set<String>, _ keys: inout Set<String>) {
        switch shape {
        case .list(let element, _), .map(_, let element): collect(element, &seen, &keys)
        case .object(let object): collect(object(), &seen, &keys)
        case .oneOf(let shapes): for shape in shapes { collect(shape, &seen, &keys) }
        default: break
        }
    }
}
