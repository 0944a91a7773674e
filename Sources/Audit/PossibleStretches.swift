/// The most that may have been admitted in a stretch, as its end advances: counted as T × count + n × start.
///
/// An admission may lie in [a, b] if it was sent by b and received at a or later. The only starts that matter are the
/// times of receipt, and b itself.
struct PossibleStretches {
    private let bucket: TokenBucket
    private let starts: [Int64]
    /// For each admission, in order of sending, its index in `starts`.
    private let places: [Int]
    private var tree: StretchTree
    private var active = 0
    private var inserted = 0
    /// The number of inserted admissions that were received by the last active start.
    private var placed = 0
    private var isInserted: [Bool]

    /// - Parameter possible: sorted by the time at which they were sent.
    init(_ bucket: TokenBucket, _ possible: [Interval]) {
        self.bucket = bucket
        let order = possible.indices.sorted { possible[$0].received < possible[$1].received }
        var places = [Int](repeating: 0, count: possible.count)
        for (place, index) in order.enumerated() { places[index] = place }
        self.places = places
        starts = order.map { possible[$0].received }
        tree = StretchTree(possible.count)
        isInserted = Array(repeating: false, count: possible.count)
    }

    /// Counts an admission, by its number in order of sending.
    mutating func insert(_ index: Int) {
        let place = places[index]
        tree.add(bucket.period, at: place)
        isInserted[place] = true
        inserted += 1
        if place < active { placed += 1 }
    }

    /// Allows stretches to begin at each time of receipt up to an instant.
    mutating func activate(upTo instant: Int64) {
        while active < starts.count, starts[active] <= instant {
            tree.activate(active, base: bucket.tokens * starts[active])
            if isInserted[active] { placed += 1 }
            active += 1
        }
    }

    /// The greatest T × count + n × start among the stretches that end at an instant.
    func most(endingAt end: Int64) -> Int64 {
        // A stretch of no length: all sent by now and not known to have been received before.
        let atOnce = Int64(inserted - placed) * bucket.period + bucket.tokens * end
        return tree.isEmpty ? atOnce : max(atOnce, tree.best.value)
    }
}
