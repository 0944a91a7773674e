/// Whether consecutive windows on the server's clock explain the evidence, with or without a weight for the previous one.
///
/// Follows every history that the evidence allows, as bounds on the current window's start and on the counts of two
/// windows.
struct AlignedReplay {
    private let box: Box
    private let leaks: Bool
    /// For a weighted count, by how much a request must be below the limit: 0 if any share of a request is enough, 1 if a
    /// whole one must fit. Nil if the previous window does not count.
    private let margin: Double?

    /// For rounding of the arithmetic here and in the server.
    private static let tolerance = 0.02
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

    init(_ box: Box, leaks: Bool, margin: Double? = nil) {
        self.box = box
        self.leaks = leaks
        self.margin = margin
    }

    /// Whether the previous window counts in proportion to its overlap with a sliding window.
    private var isWeighted: Bool { margin != nil }

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
        var state = state
        var low = state.count.lowerBound + batch.counted(leaks: leaks)
        var high = state.count.upperBound + batch.possible
        if let margin {
            guard let start = narrowed(state, by: batch, margin: margin, low: low, high: high) else { return }
            state.start = start
            if batch.denied > 0 {
                let weight = weight(elapsed: batch.start - start.upperBound, box.length.upperBound)
                let least = lowest(margin) - Double(state.previous.upperBound) * weight
                low = max(low, Int(least.rounded(.up)))
            }
        } else {
            if isBounded(batch), low > box.count.upperBound { return }
            if batch.denied > 0 { low = max(low, box.count.lowerBound) }
        }
        if isBounded(batch) { high = min(high, box.count.upperBound) }
        guard low <= high else { return }
        state.count = low...high
        next.add(state)
    }

    /// Whether the count is at most the limit after a batch. One that leaks may have exceeded it before.
    private func isBounded(_ batch: Batch) -> Bool {
        !leaks || (batch.admitted > 0 && !batch.mayExceed(leaks: leaks))
    }

    /// The least weighted count at which a request is denied.
    private func lowest(_ margin: Double) -> Double { Double(box.count.lowerBound) - Self.tolerance - margin }

    /// The starts of the window at which the weight of the previous one explains a batch; nil if none does.
    private func narrowed(
        _ state: State, by batch: Batch, margin: Double, low: Int, high: Int
    ) -> ClosedRange<Double>? {
        var (earliest, latest) = (state.start.lowerBound, state.start.upperBound)
        if batch.admitted > 0, !batch.mayExceed(leaks: leaks) {
            let room = Double(box.count.upperBound) + Self.tolerance - margin - Double(low - 1)
            let previous = Double(state.previous.lowerBound)
            guard room >= 0 else { return nil }
            if room < previous {
                latest = min(latest, batch.end - (1 - room / previous) * box.length.lowerBound)
            }
        }
        if batch.denied > 0 {
            let needed = lowest(margin) - Double(high)
            let previous = Double(state.previous.upperBound)
            guard needed <= previous else { return nil }
            if needed > 0 {
                earliest = max(earliest, batch.start - (1 - needed / previous) * box.length.upperBound)
            }
            // Nothing is denied while nothing counts.
            let weight = weight(elapsed: batch.start - latest, box.length.upperBound)
            guard Double(high) + previous * weight > 0 else { return nil }
        }
        return earliest <= latest ? earliest...latest : nil
    }

    /// Counts a batch whose requests lie in two or more windows.
    private func split(_ batch: Batch, from state: State, to fresh: State, isNext: Bool, _ next: inout [State]) {
        let exceeds = batch.mayExceed(leaks: leaks)
        let isLong = batch.end - batch.start >= box.length.lowerBound
        var fresh = fresh
        // If there may be a whole window in between, the requests before may have lain in it.
        let room = max(0, box.count.upperBound - (isNext ? state.count.lowerBound : 0))
        let fewest = isLong || exceeds ? 0 : max(0, batch.admitted - room)
        guard isLong || exceeds || fewest <= box.count.upperBound else { return }
        let most = max(fewest, exceeds ? batch.possible : min(batch.possible, box.count.upperBound))
        fresh.start = max(batch.start, fresh.start.lowerBound)...max(batch.start, fresh.start.upperBound)
        fresh.count = fewest...most
        if isWeighted {
            let used = isNext && !isLong ? max(0, batch.counted(leaks: leaks) - most) + state.count.lowerBound : 0
            let highest = state.count.upperBound + batch.possible - (isNext && !isLong ? fewest : 0)
            fresh.previous = used...max(used, leaks ? highest : min(highest, box.count.upperBound))
        }
        next.add(fresh)
    }

    private func weight(elapsed: Double, _ length: Double) -> Double { min(1, max(0, 1 - elapsed / length)) }
}
