/// A bounded cache of recently used entries, with constant-time operations and no LRU list.
///
/// Entries go into a young generation. When its cost reaches half the capacity, it becomes the old generation and the
/// previous old generation is dropped. Reading an old entry makes it young again.
package struct GenerationalTable<Key: Hashable, Value> {
    private var young: [Key: (value: Value, cost: Int)] = [:]
    private var old: [Key: (value: Value, cost: Int)] = [:]
    private var youngCost = 0
    private var oldCost = 0
    private let capacity: Int

    /// - Parameter capacity: maximum total cost.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    package var count: Int { young.count + old.count }
    /// The total cost of all entries.
    package var cost: Int { youngCost + oldCost }

    package mutating func value(for key: Key) -> Value? {
        if let entry = young[key] { return entry.value }
        guard let entry = old.removeValue(forKey: key) else { return nil }
        oldCost -= entry.cost
        insert(entry.value, for: key, cost: entry.cost)
        return entry.value
    }

    /// Stores a value, unless its cost alone is more than half the capacity.
    package mutating func insert(_ value: Value, for key: Key, cost: Int = 1) {
        removeValue(for: key)
        guard cost <= capacity / 2 else { return }
        if youngCost + cost > capacity / 2 {
            old = young
            oldCost = youngCost
            young = [:]
            youngCost = 0
        }
        young[key] = (value, cost)
        youngCost += cost
    }

    package mutating func removeValue(for key: Key) {
        if let entry = young.removeValue(forKey: key) { youngCost -= entry.cost }
        if let entry = old.removeValue(forKey: key) { oldCost -= entry.cost }
    }
}
