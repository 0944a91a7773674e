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
    case poll(Poll)
    /// Send all at the same time.
    case race(Int)
    /// Compare another client with the primary one while that is denied.
    case trial(Trial)
}

/// Uses up what the limit allows.
struct Fill: Equatable, Sendable {
    /// How many requests to send one after another before some are sent together.
    var sequential: Int
    /// The number of requests to send together next.
    var chunk = 8
    var concurrency: Int
    private(set) var sent = 0
    private(set) var admitted = 0
    private(set) var start: Double?
    private(set) var end = 0.0
    /// Whether all were sent one after another.
    private(set) var isSequential = true

    init(sequential: Int, concurrency: Int) {
        self.sequential = sequential
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
struct Poll: Equatable, Sendable {
    private var offsets: [Double]
    private let last: Double
    /// When the poll began: all before was denied.
    private var origin: Double?
    /// The latest offset of a denial.
    private(set) var lastDenied = 0.0

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
        offsets.removeAll { $0 <= now }
    }
}

/// Alternates between another client and the primary one, which is denied.
struct Trial: Equatable, Sendable {
    let client: ProbeClient
    /// How many requests the other client sends. Each lies between two of the primary client's.
    let rounds: Int
    /// In turn: primary, other, primary, other, …, primary.
    private(set) var outcomes: [ProbeExchange.Outcome] = []

    init(_ client: ProbeClient, rounds: Int) {
        self.client = client
        self.rounds = rounds
    }

    var volley: Volley { .single(outcomes.count.isMultiple(of: 2) ? .primary : client) }
    var isOver: Bool { outcomes.count > 2 * rounds }

    mutating func note(_ exchanges: [ProbeExchange]) { outcomes += exchanges.map(\.outcome) }

    /// Whether the other client has a limit of its own; nil if the outcomes do not show it.
    ///
    /// Only rounds count in which the primary client was denied before and after.
    var isSeparate: Bool? {
        var (admitted, denied) = (0, 0)
        for round in 0..<rounds where 2 * round + 2 < outcomes.count {
            guard outcomes[2 * round] == .denied, outcomes[2 * round + 2] == .denied else { continue }
            if outcomes[2 * round + 1] == .admitted { admitted += 1 }
            if outcomes[2 * round + 1] == .denied { denied += 1 }
        }
        if admitted > 0, denied == 0 { return true }
        if denied > 0, admitted == 0 { return false }
        return nil
    }

    /// The rounds that count.
    var conclusive: Int {
        (0..<rounds).count {
            2 * $0 + 2 < outcomes.count && outcomes[2 * $0] == .denied && outcomes[2 * $0 + 2] == .denied
        }
    }
}

extension Volley {
    static func single(_ client: ProbeClient) -> Volley {
        Volley(client: client, count: 1, concurrency: 1, stopsAtDenial: false)
    }
}
