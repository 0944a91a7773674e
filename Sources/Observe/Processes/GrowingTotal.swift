/// The sum of counters that appear and end, such as the CPU time of processes.
///
/// What an ended counter had reached stays in the sum.
struct GrowingTotal<Key: Hashable> {
    private var current: [Key: UInt64] = [:]
    private var ended: UInt64 = 0

    var value: UInt64 { current.values.reduce(ended, &+) }

    /// Replaces all counters. One that is missing has ended; so has one that decreased, and another took its key.
    mutating func update(_ counters: [Key: UInt64]) {
        for (key, last) in current where counters[key] ?? 0 < last { ended &+= last }
        current = counters
    }
}
