/// A possible state of a limiter, as bounds. Several can be replaced with one that contains them all.
protocol Mergeable: Equatable {
    /// States that are close in this order are merged first.
    var order: Double { get }
    func merged(with other: Self) -> Self
}

extension Array where Element: Mergeable {
    /// Appends a state unless it is there already.
    mutating func add(_ element: Element) {
        if !contains(element) { append(element) }
    }

    /// At most `most` states that contain all of these.
    func reduced(to most: Int) -> [Element] {
        guard count > most else { return self }
        let sorted = sorted { $0.order < $1.order }
        let size = (count + most - 1) / most
        return stride(from: 0, to: count, by: size).map { start in
            sorted[(start + 1)..<Swift.min(start + size, count)].reduce(sorted[start]) { $0.merged(with: $1) }
        }
    }
}

extension ClosedRange {
    /// The smallest range that contains both.
    func hull(_ other: ClosedRange) -> ClosedRange {
        Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
    }
}
