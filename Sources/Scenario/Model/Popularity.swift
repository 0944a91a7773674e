import Glibc

/// How often each element of a list is picked.
package enum Popularity: Hashable, Sendable {
    case uniform
    /// In proportion to 1/k^exponent for the k-th element, counted from 1 (Zipf's law).
    case zipf(exponent: Double)

    /// Parses `uniform` or `zipf(1.1)`; nil for anything else. An exponent is at most 10.
    package init?(parsing text: String) {
        if text == "uniform" {
            self = .uniform
            return
        }
        guard text.hasPrefix("zipf("), text.hasSuffix(")"),
            let exponent = Double(text.dropFirst("zipf(".count).dropLast()), (0...10).contains(exponent)
        else { return nil }
        self = .zipf(exponent: exponent)
    }
}

/// Picks elements of a list at random, by their popularity.
package struct PopularityPicker: Sendable {
    private let count: Int
    /// For each element, the sum of its weight and those before it. Empty if all weigh the same.
    private let sums: [Double]

    /// - Parameter count: the length of the list, at least 1.
    package init(_ popularity: Popularity, count: Int) {
        self.count = count
        switch popularity {
        case .uniform: sums = []
        case .zipf(let exponent):
            var sum = 0.0
            sums = (1...count).map { place in
                sum += pow(Double(place), -exponent)
                return sum
            }
        }
    }

    /// The index of an element.
    package func pick(using random: inout some RandomNumberGenerator) -> Int {
        guard let total = sums.last else { return Int.random(in: 0..<count, using: &random) }
        let target = Double.random(in: 0..<total, using: &random)
        // The first element whose sum is above the target.
        var (low, high) = (0, count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
