/// A figure that a source shows. Times are in nanoseconds, sizes in bytes.
package enum ObservedMetric: String, CaseIterable, Codable, Sendable {
    // Totals, which only grow.
    /// CPU time of processes.
    case cpu
    /// How often a thread got a core.
    case contextSwitches
    case redisCommands
    /// Time that Redis spent on commands.
    case redisCommandTime
    case redisCPU
    case redisEvictions
    case transactions
    /// Rows that PostgreSQL read or wrote.
    case rows
    /// Blocks that PostgreSQL read, from memory or disk.
    case blocks

    // Levels.
    case residentMemory
    case descriptors
    case redisMemory

    /// The kind of source that shows it.
    package var source: ObservationSource.Kind {
        switch self {
        case .cpu, .contextSwitches, .residentMemory, .descriptors: .process
        case .redisCommands, .redisCommandTime, .redisCPU, .redisEvictions, .redisMemory: .redis
        case .transactions, .rows, .blocks: .postgres
        }
    }

    /// Whether it is the value of an instant, not a total that grows.
    package var isLevel: Bool {
        switch self {
        case .residentMemory, .descriptors, .redisMemory: true
        default: false
        }
    }

    package var isTime: Bool {
        switch self {
        case .cpu, .redisCommandTime, .redisCPU: true
        default: false
        }
    }

    /// Its name in reports. Times are in milliseconds there.
    package var reportName: String { isTime ? rawValue + "Ms" : rawValue }

    /// A value in the unit of reports.
    package func reported(_ value: Double) -> Double { isTime ? value / 1e6 : value }

    /// The totals whose cost per response is estimated.
    package static var costs: [Self] {
        [.cpu, .redisCommands, .redisCPU, .transactions, .rows, .blocks]
    }

    /// How many seconds are joined into one block for estimating costs. PostgreSQL's processes publish their statistics
    /// up to a second late.
    package var secondsPerBlock: Int {
        switch self {
        case .transactions, .rows, .blocks: 5
        default: 1
        }
    }
}
