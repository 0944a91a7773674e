/// How far the counts of each kind vary independently of the other kinds'.
struct Columns {
    /// For each kind, the distance of its counts from the closest combination of the others', as a share of their
    /// length. 0 if it is a combination of the others, 1 if it never occurs together with them.
    private(set) var variations: [Double] = []
    /// Kinds of which none is a combination of the others, as many as possible.
    private(set) var independent: [Int] = []

    /// A remainder shorter than this share of its column is rounding.
    private static let rounding = 1e-6

    init(_ blocks: [CostBlock], count: Int) {
        let columns = (0..<count).map { kind in blocks.map { $0.counts[kind] } }
        for kind in columns.indices {
            var basis: [[Double]] = []
            for other in columns.indices where other != kind { Self.extend(&basis, with: columns[other]) }
            variations.append(Self.remainder(of: columns[kind], basis).share)
        }
        // Separable kinds first: they are in the set in any case.
        var basis: [[Double]] = []
        for kind in columns.indices.sorted(by: { variations[$0] > variations[$1] })
        where Self.extend(&basis, with: columns[kind]) {
            independent.append(kind)
        }
        independent.sort()
    }

    /// Adds the direction of a column to a basis.
    /// - Returns: false if it is a combination of the others.
    @discardableResult
    private static func extend(_ basis: inout [[Double]], with column: [Double]) -> Bool {
        let (remainder, share) = remainder(of: column, basis)
        guard share > rounding else { return false }
        let length = length(remainder)
        basis.append(remainder.map { $0 / length })
        return true
    }

    /// What is left of a column after taking away its projections, and its length as a share of the column's.
    private static func remainder(of column: [Double], _ basis: [[Double]]) -> (vector: [Double], share: Double) {
        let whole = length(column)
        guard whole > 0 else { return (column, 0) }
        var rest = column
        // Twice, because the first pass leaves rounding errors ("twice is enough", Giraud et al., 2005).
        for direction in basis + basis {
            let product = zip(rest, direction).reduce(0) { $0 + $1.0 * $1.1 }
            for index in rest.indices { rest[index] -= product * direction[index] }
        }
        return (rest, length(rest) / whole)
    }

    private static func length(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
