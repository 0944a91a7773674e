import Foundation
import Probe

/// A server with a limiter and a network in simulated time.
struct SimulatedServer {
    let policy: SimulatedPolicy
    private var random: Random
    private let phase: Double
    private var counters: [String: SimulatedCounter] = [:]
    /// Seconds from sending to response without jitter.
    private let roundTrip: Double
    /// Whether one request in 200 is delayed by 50 ms.
    private let hiccups: Bool
    /// Seconds that responses on a connection in use take longer, as with a server that writes them in two parts.
    private let slowness: Double
    private var isConnected = false

    init(
        _ policy: SimulatedPolicy, seed: UInt64, roundTrip: Double = 0.002, hiccups: Bool = false, slowness: Double = 0
    ) {
        self.slowness = slowness
        self.policy = policy
        self.hiccups = hiccups
        self.roundTrip = roundTrip
        random = Random(state: seed)
        phase = -policy.window * random.unit()
    }

    private struct Flight {
        var index: Int
        var sent: Double
        var decided: Double
        var received: Double
    }

    /// Carries out a volley that begins now.
    mutating func send(_ volley: Volley, at now: Double) -> [ProbeExchange] {
        if volley.concurrency == 1 || policy.kind == .delay { return sendInOrder(volley, at: now) }
        var lanes = [Double](repeating: now, count: volley.concurrency)
        for lane in lanes.indices { lanes[lane] += Double(lane) * 0.00002 }
        var flights: [Flight] = []
        for index in 0..<volley.count {
            let lane = lanes.indices.min { lanes[$0] < lanes[$1] } ?? 0
            let flight = flight(index, at: lanes[lane])
            lanes[lane] = flight.received + 0.00003
            flights.append(flight)
        }
        var exchanges = flights.map { ProbeExchange(sent: $0.sent, received: $0.received, outcome: .uncertain) }
        for flight in flights.sorted(by: { $0.decided < $1.decided }) {
            // The server stores the new count before it responds.
            let commitDelay =
                policy.leaks ? min(0.0005 * random.exponential(), 0.999 * (flight.received - flight.decided)) : 0
            exchanges[flight.index] = exchange(flight, volley.client, commitDelay: commitDelay)
        }
        return exchanges
    }

    private mutating func sendInOrder(_ volley: Volley, at now: Double) -> [ProbeExchange] {
        var exchanges: [ProbeExchange] = []
        var instant = now
        for index in 0..<volley.count {
            var flight = flight(index, at: instant)
            if isConnected { flight.received += slowness }
            isConnected = true
            let exchange = exchange(flight, volley.client, commitDelay: 0)
            exchanges.append(exchange)
            instant = volley.concurrency == 1 ? exchange.received + 0.00003 : instant + 0.00002
            if volley.stopsAtDenial, exchange.outcome == .denied { break }
        }
        return exchanges
    }

    private mutating func flight(_ index: Int, at sent: Double) -> Flight {
        let duration = roundTrip * (0.7 + 0.5 * random.exponential())
        let decided = sent + duration * random.unit()
        guard hiccups, random.unit() < 0.005 else {
            return Flight(index: index, sent: sent, decided: decided, received: sent + duration)
        }
        // A pause before or after the decision.
        let isBefore = random.unit() < 0.5
        return Flight(
            index: index, sent: sent, decided: decided + (isBefore ? 0.05 : 0), received: sent + duration + 0.05)
    }

    private mutating func exchange(_ flight: Flight, _ client: ProbeClient, commitDelay: Double) -> ProbeExchange {
        if client.isRejected, !policy.countsErrors {
            return ProbeExchange(sent: flight.sent, received: flight.received, outcome: .admitted)
        }
        let key = policy.key.contains(client.name) ? "\(client)" : "same"
        var counter = counters[key] ?? SimulatedCounter(policy, phase: phase)
        let decision = counter.decide(at: flight.decided, commitDelay: commitDelay)
        counters[key] = counter
        let remaining = counter.remaining(at: flight.decided)
        var promise = LimitPromise()
        if policy.promises, !decision.isAdmitted { promise.retryAfter = decision.retryAfter.rounded(.up) }
        if policy.fields != .none {
            promise.limit = policy.fields == .wrongLimit ? policy.limit + 3 : policy.limit
            promise.remaining = remaining + (policy.fields == .offByOne ? 1 : 0)
            if !decision.isAdmitted { promise.reset = decision.retryAfter.rounded(.up) }
        }
        return ProbeExchange(
            sent: flight.sent, received: flight.received + decision.delay,
            outcome: decision.isAdmitted ? .admitted : .denied, promise: promise)
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in [0, 1).
    mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    /// With mean 1.
    mutating func exponential() -> Double { -log(1 - unit()) }
}
