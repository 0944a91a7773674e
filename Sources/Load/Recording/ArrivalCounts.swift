/// What happened to an arrival of the open model when its thread looked at it.
enum ArrivalFate {
    /// A virtual user was free and began its iteration at this time, measured from the start of the measurement. It is
    /// bunched if the thread was so late that its next arrival was due as well.
    case begun(at: Nanoseconds, isBunched: Bool)
    /// No virtual user was free, and the maximum number was reached.
    case waiting
    /// The run ended before the thread looked at it.
    case missed
}

/// Arrivals due and begun in each second, which shows whether the requested load was really made.
struct ArrivalCounts: Equatable, Sendable {
    struct Second: Equatable, Sendable {
        /// Arrivals that were due in this second.
        var due = 0
        /// Arrivals begun in this second. One that found no free virtual user counts in the second in which it was due,
        /// because the generator was not late for it.
        var begun = 0
    }

    private(set) var seconds: [Second] = []
    /// Arrivals that found no free virtual user.
    private(set) var withoutUser = 0
    /// Arrivals that began so late that the thread's next one was due as well.
    private(set) var bunched = 0

    var due: Int { seconds.reduce(0) { $0 + $1.due } }

    /// - Parameter due: when it was due, measured from the start of the measurement.
    mutating func record(due: Nanoseconds, _ fate: ArrivalFate) {
        seconds[index(due)].due += 1
        switch fate {
        case .begun(let instant, let isBunched):
            seconds[index(instant)].begun += 1
            if isBunched { bunched += 1 }
        case .waiting:
            seconds[index(due)].begun += 1
            withoutUser += 1
        case .missed: break
        }
    }

    mutating func add(_ other: ArrivalCounts) {
        for (index, second) in other.seconds.enumerated() {
            while seconds.count <= index { seconds.append(Second()) }
            seconds[index].due += second.due
            seconds[index].begun += second.begun
        }
        withoutUser += other.withoutUser
        bunched += other.bunched
    }

    /// The index of an instant's second, which is created if necessary.
    private mutating func index(_ instant: Nanoseconds) -> Int {
        let index = Int(instant / 1_000_000_000)
        while seconds.count <= index { seconds.append(Second()) }
        return index
    }
}
