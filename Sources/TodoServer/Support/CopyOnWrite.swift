/// Boxes a large value that rarely changes. Passing it on retains one reference instead of one for each of its parts.
package struct CopyOnWrite<Value: Sendable>: Sendable {
    /// Unchecked, because it is only mutated through a unique reference.
    private final class Storage: @unchecked Sendable {
        var value: Value

        init(_ value: Value) {
            self.value = value
        }
    }

    private var storage: Storage

    package init(_ value: Value) {
        storage = Storage(value)
    }

    package var value: Value {
        get { storage.value }
        set {
            if isKnownUniquelyReferenced(&storage) { storage.value = newValue } else { storage = Storage(newValue) }
        }
    }
}
