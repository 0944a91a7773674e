import TestSupport
import Testing

@testable import Observe

@Suite struct NormalEquationsTests {
    /// The best solution by trying every set of unknowns that may be positive.
    private static func exhaustive(_ rows: [[Double]], _ values: [Double]) -> [Double] {
        let count = rows[0].count
        var best = Array(repeating: 0.0, count: count)
        for set in 0..<(1 << count) {
            let used = (0..<count).filter { set >> $0 & 1 == 1 }
            guard let solution = unconstrained(rows.map { row in used.map { row[$0] } }, values),
                solution.allSatisfy({ $0 >= 0 })
            else { continue }
            var all = Array(repeating: 0.0, count: count)
            for (index, unknown) in used.enumerated() { all[unknown] = solution[index] }
            if error(rows, values, all) < error(rows, values, best) { best = all }
        }
        return best
    }

    /// Least squares by Gaussian elimination of the normal equations.
    private static func unconstrained(_ rows: [[Double]], _ values: [Double]) -> [Double]? {
        let count = rows[0].count
        var matrix = (0..<count).map { row in
            (0..<count).map { column in rows.reduce(0) { $0 + $1[row] * $1[column] } }
                + [zip(rows, values).reduce(0) { $0 + $1.0[row] * $1.1 }]
        }
        for pivot in 0..<count {
            guard let best = (pivot..<count).max(by: { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) }),
                abs(matrix[best][pivot]) > 1e-9
            else { return nil }
            matrix.swapAt(pivot, best)
            for row in 0..<count where row != pivot {
                let factor = matrix[row][pivot] / matrix[pivot][pivot]
                for column in 0...count { matrix[row][column] -= factor * matrix[pivot][column] }
            }
        }
        return (0..<count).map { matrix[$0][count] / matrix[$0][$0] }
    }

    private static func error(_ rows: [[Double]], _ values: [Double], _ solution: [Double]) -> Double {
        zip(rows, values).reduce(0) { sum, equation in
            let difference = equation.1 - zip(equation.0, solution).reduce(0) { $0 + $1.0 * $1.1 }
            return sum + difference * difference
        }
    }

    private static func solve(_ rows: [[Double]], _ values: [Double]) -> [Double] {
        var equations = NormalEquations(unknowns: rows[0].count)
        for (row, value) in zip(rows, values) { equations.add(row, equals: value) }
        return equations.nonNegativeSolution()
    }

    @Test("the solution is the best of all sets of positive unknowns, for random equations", arguments: 1...4)
    func exhaustiveSearch(unknowns: Int) {
        var random = SeededGenerator(seed: UInt64(unknowns))
        for _ in 0..<1000 {
            let rows = (0..<Int.random(in: unknowns...12, using: &random)).map { _ in
                (0..<unknowns).map { _ in Double.random(in: -1...1, using: &random) }
            }
            let values = rows.map { _ in Double.random(in: -1...1, using: &random) }
            let (found, best) = (Self.solve(rows, values), Self.exhaustive(rows, values))
            #expect(found.allSatisfy { $0 >= 0 })
            #expect(
                abs(Self.error(rows, values, found) - Self.error(rows, values, best)) < 1e-9, "\(rows) = \(values)")
        }
    }

    @Test("equations that are dependent, empty or huge have a solution without negative values")
    func degenerate() {
        #expect(abs(Self.solve([[1, 1], [2, 2]], [3, 6]).reduce(0, +) - 3) < 1e-9)
        #expect(Self.solve([[0, 0]], [5]) == [0, 0])
        #expect(Self.solve([[1, 0]], [-5]) == [0, 0])
        for value in [1e300, -1e300, Double.nan, .infinity] {
            #expect(Self.solve([[value, 1], [1, 2]], [1, value]).count == 2)
        }
    }
}

extension SeededGenerator {
    /// A normally distributed number with mean 0 and standard deviation 1, nearly (the sum of twelve uniform ones).
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &self) } }
}
