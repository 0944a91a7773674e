/// Reads that break a promise in one way: their number, and the worst.
struct ReadBreaches {
    struct Example {
        var key: Int
        var read: RegisterHistory.Access
        /// The write that the read contradicts; nil if there is none.
        var write: RegisterHistory.Access?
        /// How long the write had been acknowledged, in nanoseconds: the least.
        var age: Int64 = 0
        /// Whether the write deleted what the read shows, in a set.
        var isDeletion = false
    }

    private(set) var count = 0
    private(set) var worst: Example?

    mutating func note(_ example: @autoclosure () -> Example, age: Int64 = 0) {
        count += 1
        if worst.map({ age > $0.age }) ?? true {
            worst = example()
            worst?.age = age
        }
    }

    mutating func note(_ reads: [StaleRead], _ key: Int, olderThan age: Int64, isDeletion: Bool = false) {
        for stale in reads where stale.age.lowerBound > age {
            note(
                Example(key: key, read: stale.read, write: stale.write, isDeletion: isDeletion),
                age: stale.age.lowerBound)
        }
    }

    mutating func note(_ reads: [RegisterHistory.Access], _ key: Int) {
        for read in reads { note(Example(key: key, read: read)) }
    }
}

/// What the reads of all objects show about freshness.
struct FreshnessTally {
    var reads = 0
    var ambiguous = 0
    var stale = ReadBreaches()
    var phantoms = ReadBreaches()
    var resurrected = ReadBreaches()
    var backwards = ReadBreaches()
    var ownMissed = ReadBreaches()
    /// Objects or elements that are missing or out of date to the end.
    var lost = 0
    /// Elements that could not be checked.
    var unchecked = 0
    var curve = StalenessCurve()

    /// - Parameter age: the age that a value may have, in nanoseconds.
    mutating func note(_ freshness: Freshness, _ key: Int, allowedAge age: Int64) {
        reads += freshness.reads
        ambiguous += freshness.ambiguous
        stale.note(freshness.stale, key, olderThan: age)
        phantoms.note(freshness.phantoms, key)
        resurrected.note(freshness.resurrected, key)
        backwards.note(freshness.backwards, key)
        ownMissed.note(freshness.ownMissed, key, olderThan: .min)
        if freshness.isLost { lost += 1 }
        curve += freshness.curve
    }

    mutating func note(_ freshness: SetFreshness, _ key: Int, allowedAge age: Int64) {
        reads += freshness.reads
        ambiguous += freshness.ambiguous
        stale.note(freshness.missing, key, olderThan: age)
        stale.note(freshness.undeleted, key, olderThan: age, isDeletion: true)
        phantoms.note(freshness.phantoms, key)
        resurrected.note(freshness.resurrected, key)
        ownMissed.note(freshness.ownMissed, key, olderThan: .min)
        lost += freshness.lost
        unchecked += freshness.unchecked
        curve += freshness.curve
    }
}
