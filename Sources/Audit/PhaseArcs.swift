/// A set of phases, as arcs on a circle with the window's length as circumference.
struct PhaseArcs {
    private let circumference: Int64
    /// Half-open ranges within the circle; they may overlap.
    private var arcs: [Range<Int64>] = []
    /// The number of new arcs after which the list is merged: a long trace has many that overlap.
    private static let mergeThreshold = 1 << 16
    private var nextMerge = Self.mergeThreshold

    init(circumference: Int64) { self.circumference = circumference }

    /// Adds the arc of `length` phases that starts at `start`.
    mutating func insert(from start: Int64, length: Int64) {
        guard length > 0 else { return }
        guard length < circumference else {
            arcs = [0..<circumference]
            return
        }
        let first = ((start % circumference) + circumference) % circumference
        let end = first + length
        arcs.append(first..<min(end, circumference))
        if end > circumference { arcs.append(0..<(end - circumference)) }
        if arcs.count > nextMerge {
            arcs = merged()
            nextMerge = arcs.count + Self.mergeThreshold
        }
    }

    private func merged() -> [Range<Int64>] {
        var merged: [Range<Int64>] = []
        for arc in arcs.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, arc.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, arc.upperBound)
            } else {
                merged.append(arc)
            }
        }
        return merged
    }

    /// The phases that no arc covers, as half-open ranges.
    var gaps: [Range<Int64>] {
        var gaps: [Range<Int64>] = []
        var position: Int64 = 0
        for arc in merged() {
            if arc.lowerBound > position { gaps.append(position..<arc.lowerBound) }
            position = max(position, arc.upperBound)
        }
        if position < circumference { gaps.append(position..<circumference) }
        return gaps
    }
}
