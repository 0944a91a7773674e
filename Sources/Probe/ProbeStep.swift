/// A part of an experiment. Offsets are in seconds from the experiment's first request.
enum ProbeStep: Equatable, Sendable {
    /// The next request is the experiment's first.
    case mark
    case rest(Double)
    case wait(until: Double)
    case until(Double)
    /// Send until a request is denied.
    case fill(Fill)
    /// Send one after another; stop at a denial.
    case send(Int)
    /// Send one at a time until one is admitted.
    case poll(RecoveryPoll)
    /// Send all at the same time.
    case race(Int)
    /// Compare another client with the primary one while that is denied.
    case trial(Trial)
    /// Send requests of another client, to see afterwards how much of the limit is left.
    case spend(Spending)
}

/// Uses up what the limit allows.
struct Fill: Equatable, Sendable {
    /// How many requests to send one after another before some are sent together.
    var sequential: Int
    /// The number of requests to send together next.
    var chunk: Int
    var concurrency: Int
    private(set) var sent = 0
    private(set) var admitted = 0
    private(set) var start: Double?
    private(set) var end = 0.0
    /// Whether all were sent one after another.
    private(set) var isSequential = true

    init(sequential: Int, chunk: Int = 8, concurrency: Int) {
        self.sequential = sequential
        self.chunk = chunk
        self.concurrency = concurrency
    }

    /// The first few come alone: they show whether responses are delayed.
    private static let first = 6

    var volley: Volley {
        if sent < sequential {
            let count = sent == 0 ? min(Self.first, sequential) : sequential - sent
            return Volley(client: .primary, count: count, concurrency: 1, stopsAtDenial: true)
        }
        return Volley(client: .primary, count: chunk, concurrency: concurrency, stopsAtDenial: false)
    }

    mutating func note(_ exchanges: [ProbeExchange], concurrency: Int) {
        if sent >= sequential { chunk = min(2 * chunk, 4096) }
        sent += exchanges.count
        admitted += exchanges.count { $0.outcome == .admitted }
        start = start ?? exchanges.first?.sent
        end = exchanges.map(\.received).max() ?? end
        if concurrency > 1 { isSequential = false }
    }
}

/// Instants at which to see whether requests are admitted again, as offsets from the experiment's first request.
struct RecoveryPoll: Equatable, Sendable {
    private var offsets: [Double]
    private let last: Double
    /// When the poll began: all before was denied.
    private var origin: Double?
    /// The latest offset of a denial.
    private(set) var lastDenied = 0.0
    private(set) var denials = 0

    /// Beyond the given offsets, the time since the poll began grows by this factor.
    private static let growth = 1.5
    private static let shortest = 0.02

    /// - Parameter last: when to give up.
    init(_ offsets: [Double], last: Double) {
        self.offsets = offsets.sorted()
        self.last = last
    }

    var hasBegun: Bool { origin != nil }

    var next: Double {
        let origin = origin ?? 0
        return offsets.first ?? origin + max((lastDenied - origin) * Self.growth, Self.shortest)
    }

    var isOver: Bool { next > last }

    mutating func begin(at offset: Double) {
        origin = offset
        lastDenied = offset
        offsets.removeAll { $0 <= offset }
    }

    /// Notes a denial of a request that was sent at this offset, and skips the offsets that have passed meanwhile.
    mutating func noteDenial(at offset: Double, now: Double) {
        lastDenied = offset
        denials += 1
        offsets.removeAll { $0 <= now }
    }
}

extension Volley {
    static func single(_ client: ProbeClient) -> Volley {
        Volley(client: client, count: 1, concurrency: 1, stopsAtDenial: false)
    }
}
