/// Whether consecutive windows on the server's clock explain the evidence, with or without a weight for the previous one.
///
/// Follows every history that the evidence allows, as bounds on the current window's start and on the counts of two
/// windows.
struct AlignedReplay {
    private let box: Box
    private let leaks: Bool
    /// Whether the previous window counts in proportion to its overlap with a sliding window.
    private let isWeighted: Bool

    /// Implementations of the weighted count round differently.
    private static let rounding = 1.0
    /// With more histories than this, similar ones are taken together.
    private static let mostStates = 24

    private struct State: Mergeable {
        var start: ClosedRange<Double>
        var previous: ClosedRange<Int>
        var count: ClosedRange<Int>

        var order: Double { start.lowerBound }

        func merged(with other: State) -> State {
            State(
                start: start.hull(other.start), previous: previous.hull(other.previous), count: count.hull(other.count))
        }
    }

    init(_ box: Box, leaks: Bool, isWeighted: Bool) {
        self.box = box
        self.leaks = leaks
        self.isWeighted = isWeighted
    }

    func explains(_ evidence: [Batch]) -> Bool {
        guard let begin = evidence.first?.start else { return true }
        // Others may have used the current and the previous window.
        let used = 0...box.count.upperBound
        var states: [State] = [
            State(start: (begin - box.length.upperBound)...begin, previous: isWeighted ? used : 0...0, count: used)
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
        let (shortest, longest) = (box.length.lowerBound, box.length.upperBound)
        if batch.start < state.start.upperBound + longest {
            let start = max(state.start.lowerBound, batch.start - longest)
            count(
                batch,
                in: State(
                    start: start...max(start, state.start.upperBound), previous: state.previous, count: state.count),
                &next)
        }
        guard batch.end >= state.start.lowerBound + shortest else { return }
        // The next window, or one after it: the k-th from now begins within [start + k × W].
        let first = max(1, Int(((batch.start - state.start.upperBound) / longest).rounded(.down)))
        let last = max(first, Int(((batch.end - state.start.lowerBound) / shortest).rounded(.down)))
        // Far away, the bounds for different k overlap: take them together.
        let ranges = last - first > 3 ? [first...last] : (first...last).map { $0...$0 }
        for range in ranges {
            let low = max(state.start.lowerBound + Double(range.lowerBound) * shortest, batch.start - longest)
            let high = min(state.start.upperBound + Double(range.upperBound) * longest, batch.end)
            guard low <= high else { continue }
            let previous =
                !isWeighted
                ? 0...0 : range == 1...1 ? state.count : range.contains(1) ? 0...state.count.upperBound : 0...0
            let fresh = State(start: low...high, previous: previous, count: 0...0)
            // All of it in the new window.
            count(batch, in: fresh, &next)
            // Some of it before: only for batches of several requests, which begin before the new window does.
            guard batch.admitted + batch.denied + batch.uncertain > 1, batch.start < high else { continue }
            split(batch, from: state, to: fresh, isNext: range == 1...1, &next)
        }
    }

    /// Counts a batch that lies in one window.
    private func count(_ batch: Batch, in state: State, _ next: inout [State]) {
        let exceeds = batch.mayExceed(leaks: leaks)
        var state = state
        let low = state.count.lowerBound + batch.counted(leaks: leaks)
        let high = state.count.upperBound + batch.possible
        if isWeighted {
            let lightest = weight(elapsed: batch.end - state.start.lowerBound, box.length.lowerBound)
            let heaviest = weight(elapsed: batch.start - state.start.upperBound, box.length.upperBound)
            if batch.admitted > 0, !exceeds {
                let before = Double(state.previous.lowerBound) * lightest + Double(low - 1)
                if before >= Double(box.count.upperBound) + Self.rounding { return }
            }
            if batch.denied > 0 {
                let most = Double(state.previous.upperBound) * heaviest + Double(high)
                if most < Double(box.count.lowerBound) - Self.rounding { return }
            }
            state.count = low...max(low, exceeds ? high : min(high, box.count.upperBound + 1))
        } else {
            if !exceeds, low > box.count.upperBound { return }
            if batch.denied > 0, high < box.count.lowerBound { return }
            state.count = low...max(low, exceeds ? high : min(high, box.count.upperBound))
        }
        next.add(state)
    }

    /// Counts a batch whose requests lie in two or more windows.
    private func split(_ batch: Batch, from state: State, to fresh: State, isNext: Bool, _ next: inout [State]) {
        let exceeds = batch.mayExceed(leaks: leaks)
        let isLong = batch.end - batch.start >= box.length.lowerBound
        var fresh = fresh
        let slack = isWeighted ? 1 : 0
        // If there may be a whole window in between, the requests before may have lain in it.
        let room = max(0, box.count.upperBound + slack - (isNext ? state.count.lowerBound : 0))
        let fewest = isLong || exceeds ? 0 : max(0, batch.admitted - room)
        guard isLong || exceeds || fewest <= box.count.upperBound + slack else { return }
        let most = max(fewest, exceeds ? batch.possible : min(batch.possible, box.count.upperBound + slack))
        fresh.start = max(batch.start, fresh.start.lowerBound)...max(batch.start, fresh.start.upperBound)
        fresh.count = fewest...most
        if isWeighted {
            fresh.previous = 0...max(state.count.upperBound + batch.possible, box.count.upperBound + slack)
        }
        next.add(fresh)
    }

    private func weight(elapsed: Double, _ length: Double) -> Double { min(1, max(0, 1 - elapsed / length)) }
}
