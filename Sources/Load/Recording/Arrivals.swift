/// What became of an arrival of the open model when its thread looked at it.
enum ArrivalFate {
    /// A virtual user was free and began its iteration at this time, counted from the start of the measurement.
    case begun(at: Nanoseconds)
    /// No virtual user was free, and no more may be created.
    case waiting
    /// The run ended before its thread looked at it.
    case missed
}

/// Arrivals due and begun, second by second: whether the load that was asked for was really made.
package struct ArrivalCounts: Equatable, Sendable {
    package struct Second: Equatable, Sendable {
        /// Arrivals that were due in this second.
        package var due = 0
        /// Arrivals begun in this second. One that found no free virtual user counts where it was due: the generator
        /// was not late for it.
        package var begun = 0
    }

    package var seconds: [Second] = []
    /// Arrivals that found no free virtual user.
    package var withoutUser = 0

    package var due: Int { seconds.reduce(0) { $0 + $1.due } }

    /// - Parameter due: when it was due, counted from the start of the measurement.
    mutating func record(due: Nanoseconds, _ fate: ArrivalFate) {
        self[due].due += 1
        switch fate {
        case .begun(let instant): self[instant].begun += 1
        case .waiting:
            self[due].begun += 1
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
    }

    private subscript(_ instant: Nanoseconds) -> Second {
        get {
            let index = Int(instant / 1_000_000_000)
            return index < seconds.count ? seconds[index] : Second()
        }
        set {
            let index = Int(instant / 1_000_000_000)
            while seconds.count <= index { seconds.append(Second()) }
            seconds[index] = newValue
        }
    }
}
