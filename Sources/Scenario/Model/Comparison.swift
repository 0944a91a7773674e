/// A comparison of two numbers.
package enum Comparison: String, CaseIterable, Codable, Hashable, Sendable {
    case eq, ne, gt, gte, lt, lte

    package func holds(_ left: Double, _ right: Double) -> Bool {
        switch self {
        case .eq: left == right
        case .ne: left != right
        case .gt: left > right
        case .gte: left >= right
        case .lt: left < right
        case .lte: left <= right
        }
    }

    package var sign: String {
        switch self {
        case .eq: "="
        case .ne: "≠"
        case .gt: ">"
        case .gte: "≥"
        case .lt: "<"
        case .lte: "≤"
        }
    }

    var summary: String {
        switch self {
        case .eq: "Equals this value."
        case .ne: "Does not equal this value."
        case .gt: "Is greater than this value."
        case .gte: "Is at least this value."
        case .lt: "Is less than this value."
        case .lte: "Is at most this value."
        }
    }

    package var isUpperLimit: Bool { self == .lt || self == .lte }
    package var isLowerLimit: Bool { self == .gt || self == .gte }
}
