/// The normal equations of a least-squares problem with few unknowns, and its solution without negative values.
struct NormalEquations {
    private let count: Int
    /// AᵀA with Aᵀb as its last column, row by row.
    private var terms: [Double]

    init(unknowns: Int) {
        count = unknowns
        terms = Array(repeating: 0, count: unknowns * (unknowns + 1))
    }

    /// Adds an equation: Σ coefficient × unknown = value.
    mutating func add(_ coefficients: [Double], equals value: Double) {
        for row in 0..<count {
            for column in 0..<count { terms[row * (count + 1) + column] += coefficients[row] * coefficients[column] }
            terms[row * (count + 1) + count] += coefficients[row] * value
        }
    }

    /// Adds all equations of another problem with the same unknowns.
    mutating func add(_ other: NormalEquations) {
        for index in terms.indices { terms[index] += other.terms[index] }
    }

    private func matrix(_ row: Int, _ column: Int) -> Double { terms[row * (count + 1) + column] }
    private func vector(_ row: Int) -> Double { terms[row * (count + 1) + count] }

    /// A pivot or gradient below this is zero. Rows are scaled so that the diagonal is 1.
    private static let tolerance = 1e-10

    /// The unknowns ≥ 0 that minimise the sum of squared errors (Lawson and Hanson, "Solving Least Squares Problems",
    /// 1974, chapter 23; on the normal equations as in Bro and de Jong, 1997).
    ///
    /// An unknown that depends linearly on others already in use stays 0.
    func nonNegativeSolution() -> [Double] {
        let scales = (0..<count).map { matrix($0, $0) > 0 ? matrix($0, $0).squareRoot() : 0 }
        let size = (0..<count).map { scales[$0] > 0 ? abs(vector($0)) / scales[$0] : 0 }.max() ?? 0
        var solution = Array(repeating: 0.0, count: count)
        var used: [Int] = []
        var isBarred = scales.map { $0 == 0 }
        // Each pass adds an unknown. With exact arithmetic the passes end by themselves; the bound is for rounding.
        for _ in 0..<(4 * count + 4) {
            var best: (unknown: Int, gradient: Double)?
            for row in 0..<count where !isBarred[row] && !used.contains(row) {
                let product = (0..<count).reduce(0) { $0 + matrix(row, $1) * solution[$1] }
                let gradient = (vector(row) - product) / scales[row]
                if gradient > best?.gradient ?? Self.tolerance * size { best = (row, gradient) }
            }
            guard let best else { break }
            guard solve(used + [best.unknown], scales) != nil else {
                isBarred[best.unknown] = true
                continue
            }
            used.append(best.unknown)
            while let trial = solve(used, scales), !trial.isEmpty {
                // Move towards the trial until the first unknown becomes 0, and take that one out.
                var (step, leaving) = (1.0, Int?.none)
                for (index, unknown) in used.enumerated() where trial[index] <= 0 {
                    let difference = solution[unknown] - trial[index]
                    let share = difference > 0 ? solution[unknown] / difference : 0
                    if share <= step { (step, leaving) = (share, index) }
                }
                for (index, unknown) in used.enumerated() {
                    solution[unknown] += step * (trial[index] - solution[unknown])
                }
                guard let leaving else { break }
                solution[used.remove(at: leaving)] = 0
            }
        }
        return solution
    }

    /// Solves for some of the unknowns, the others being 0, by Cholesky decomposition; nil if they are not independent.
    private func solve(_ unknowns: [Int], _ scales: [Double]) -> [Double]? {
        var factor: [[Double]] = []
        var values: [Double] = []
        for (row, unknown) in unknowns.enumerated() {
            var line: [Double] = []
            for column in 0...row {
                let other = unknowns[column]
                var sum = matrix(unknown, other) / (scales[unknown] * scales[other])
                for index in 0..<column { sum -= line[index] * (column == row ? line[index] : factor[column][index]) }
                if column < row {
                    line.append(sum / factor[column][column])
                } else {
                    guard sum > Self.tolerance else { return nil }
                    line.append(sum.squareRoot())
                }
            }
            let known = (0..<row).reduce(0) { $0 + line[$1] * values[$1] }
            values.append((vector(unknown) / scales[unknown] - known) / line[row])
            factor.append(line)
        }
        for row in unknowns.indices.reversed() {
            for below in unknowns.indices where below > row { values[row] -= factor[below][row] * values[below] }
            values[row] /= factor[row][row]
        }
        return zip(values, unknowns).map { $0 / scales[$1] }
    }
}
