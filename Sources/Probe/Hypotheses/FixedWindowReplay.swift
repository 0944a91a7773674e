/// Whether windows that their first admission opens explain the evidence.
///
/// Follows every history that the evidence allows, as bounds on the current window's start and count.
struct FixedWindowReplay {
    private let box: Box
    private let leaks: Bool

    /// With more histories than this, similar ones are taken together.
    private static let mostStates = 24

    private struct State: Mergeable {
        var start: ClosedRange<Double>
        var count: ClosedRange<Int>

        var order: Double { start.lowerBound }

        func merged(with other: State) -> State {
            State(start: start.hull(other.start), count: count.hull(other.count))
        }
    }

    init(_ box: Box, leaks: Bool) {
        self.box = box
        self.leaks = leaks
    }

    func explains(_ evidence: [Batch]) -> Bool {
        guard let begin = evidence.first?.start else { return true }
        // Either no window was open, or one that others had used.
        var states: [State] = [
            State(start: (begin - 3 * box.length.upperBound)...(begin - 2 * box.length.upperBound), count: 0...0),
            State(start: (begin - box.length.upperBound)...begin, count: 0...box.count.upperBound),
        ]
        for batch in evidence {
            var next: [State] = []
            for state in states { follow(batch, from: state, into: &next) }
            if next.isEmpty { return false }
            states = next.reduced(to: Self.mostStates)
        }
        return true
    }

    private func follow(_ batch: Batch, from state: State, into next: inout [State]) {
        let (earliestEnd, latestEnd) = (
            state.start.lowerBound + box.length.lowerBound, state.start.upperBound + box.length.upperBound
        )
        let (least, most) = (batch.counted(leaks: leaks), batch.possible)
        let exceeds = batch.mayExceed(leaks: leaks)
        // All of it in the current window.
        if batch.start < latestEnd {
            var low = state.count.lowerBound + least
            if batch.denied > 0 { low = max(low, box.count.lowerBound) }
            let high = state.count.upperBound + most
            // One that leaks may have exceeded the limit before.
            let mayBeAbove = exceeds || (leaks && batch.admitted == 0)
            if low <= high, mayBeAbove || low <= box.count.upperBound {
                let start = max(state.start.lowerBound, batch.start - box.length.upperBound)
                insert(start...max(start, state.start.upperBound), low...high, mayBeAbove, &next)
            }
        }
        guard batch.end >= earliestEnd, batch.possible > 0 else {
            return
        }
        let opened = max(batch.start, earliestEnd)
        // All of it in a window that it opened. The first request of a window is admitted.
        if exceeds || batch.admitted <= box.count.upperBound,
            batch.denied == 0 || batch.possible >= box.count.lowerBound
        {
            insert(opened...max(opened, batch.end), max(least, min(1, most))...max(most, 1), exceeds, &next)
        }
        // Some of it before and some after the current window's end, or several windows within it.
        guard batch.admitted + batch.denied + batch.uncertain > 1, batch.start < latestEnd else { return }
        let isLong = batch.end - batch.start >= box.length.lowerBound
        let room = box.count.upperBound - state.count.lowerBound
        let fewest = isLong || exceeds ? 0 : max(0, batch.admitted - max(0, room))
        guard isLong || exceeds || fewest <= box.count.upperBound else { return }
        insert(opened...max(opened, batch.end), fewest...max(fewest, most), exceeds, &next)
    }

    private func insert(
        _ start: ClosedRange<Double>, _ count: ClosedRange<Int>, _ exceeds: Bool, _ next: inout [State]
    ) {
        let highest = exceeds ? count.upperBound : max(count.lowerBound, min(count.upperBound, box.count.upperBound))
        next.add(State(start: start, count: count.lowerBound...highest))
    }
}
