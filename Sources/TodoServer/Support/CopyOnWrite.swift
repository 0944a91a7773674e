/// A value that is large and seldom changed, kept elsewhere: to hand it on costs one reference, not one for each of its
/// parts.
package struct CopyOnWrite<Value: Sendable>: Sendable {
    /// Unchecked, since only who holds the one reference to it changes it.
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
