/// A bounded memory of recent entries, in constant time and without a list of uses.
///
/// Entries are put into a young generation. When its cost reaches half the capacity it becomes the old
/// generation, and the old one is forgotten; an entry that is read while old becomes young again.
package struct GenerationalTable<Key: Hashable, Value> {
    private var young: [Key: (value: Value, cost: Int)] = [:]
    private var old: [Key: (value: Value, cost: Int)] = [:]
    private var youngCost = 0
    private var oldCost = 0
    private let capacity: Int

    /// - Parameter capacity: the sum of costs that is never exceeded.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    package var count: Int { young.count + old.count }
    /// The sum of costs.
    package var cost: Int { youngCost + oldCost }

    package mutating func value(for key: Key) -> Value? {
        if let entry = young[key] { return entry.value }
        guard let entry = old.removeValue(forKey: key) else { return nil }
        oldCost -= entry.cost
        insert(entry.value, for: key, cost: entry.cost)
        return entry.value
    }

    /// Remembers a value, unless it alone would take more than half the capacity.
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
