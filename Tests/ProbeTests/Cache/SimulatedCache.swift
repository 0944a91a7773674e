import Foundation
import Probe

/// A server with a cache, an origin and a network in simulated time.
struct SimulatedCache {
    let policy: SimulatedCachePolicy
    var random: Random
    var entries: [String: Entry] = [:]
    /// How often each key was invalidated.
    private var epochs: [String: Int] = [:]
    private var filling: Set<String> = []
    private var waiting: [String: [Int]] = [:]
    private(set) var writes: [(number: Int, at: Double)] = []
    private var events: [Event] = []
    private var flights: [Int: Flight] = [:]
    private var finished: [Int: CacheExchange] = [:]
    private var admissions: [Double] = []
    private var isSlow = false
    /// Misses of the latest volley.
    private(set) var misses = 0
    private var serial = 0

    struct Entry {
        var body: Body
        var stored: Double
        var expires: Double
    }

    struct Body: Equatable {
        var shows: Set<Int> = []
        var type = "application/json"
        var tag = ""
    }

    struct Flight {
        var request: CacheRequest
        var sent: Double
        var key = ""
        var body = Body()
        var epoch = 0
        var isBackground = false
        /// hit, miss, or stale.
        var state = "MISS"
        var age: Int?
    }

    enum Phase { case arrive, commit, invalidate, fetch, store }

    struct Event {
        var at: Double
        var phase: Phase
        var flight: Int
    }

    init(_ policy: SimulatedCachePolicy, seed: UInt64) {
        self.policy = policy
        random = Random(state: seed)
    }

    /// Carries out a volley that begins now.
    mutating func send(_ volley: CacheVolley, at now: Double) -> [CacheExchange] {
        misses = 0
        finished = [:]
        var exchanges: [CacheExchange] = []
        if volley.isTogether {
            let numbers = volley.requests.enumerated().map {
                start($0.element, at: now + $0.element.offset + Double($0.offset) * 0.00002)
            }
            run(until: numbers)
            exchanges = numbers.compactMap { finished[$0] }
        } else {
            var instant = now
            for request in volley.requests {
                let number = start(request, at: instant)
                run(until: [number])
                exchanges += [finished[number]].compactMap { $0 }
                instant = exchanges.last?.received ?? instant
            }
        }
        return exchanges
    }

    private mutating func start(_ request: CacheRequest, at sent: Double) -> Int {
        serial += 1
        flights[serial] = Flight(request: request, sent: sent)
        schedule(.arrive, serial, at: sent + network)
        return serial
    }

    private mutating func schedule(_ phase: Phase, _ flight: Int, at instant: Double) {
        events.append(Event(at: instant, phase: phase, flight: flight))
    }

    /// One way, in seconds.
    private var network: Double { mutating get { 0.0004 * (0.7 + 0.5 * random.exponential()) } }

    /// What a miss costs in each of its two steps.
    private var originTime: Double {
        mutating get {
            let mean =
                switch policy.visibility {
                case .time: 0.012
                case .none: 0.0005
                default: 0.004
                }
            return mean * (0.8 + 0.3 * random.exponential())
        }
    }

    private mutating func run(until numbers: [Int]) {
        while numbers.contains(where: { finished[$0] == nil }),
            let next = events.indices.min(by: { events[$0].at < events[$1].at })
        {
            handle(events.remove(at: next))
        }
    }

    private mutating func handle(_ event: Event) {
        guard var flight = flights[event.flight] else { return }
        let now = event.at
        switch event.phase {
        case .arrive: arrive(event.flight, flight, at: now)
        case .commit:
            if case .write(let number) = flight.request.action { writes.append((number, now + policy.lag)) }
            isSlow = true
            schedule(.invalidate, event.flight, at: now + 0.0003)
        case .invalidate:
            if policy.invalidates { invalidate(user: flight.request.user) }
            finish(event.flight, flight, status: 201, at: now)
        case .fetch:
            flight.body = body(flight.request, at: now)
            flight.epoch = epochs[flight.key, default: 0]
            flights[event.flight] = flight
            schedule(.store, event.flight, at: now + originTime)
        case .store: store(event.flight, flight, at: now)
        }
    }

    private mutating func arrive(_ number: Int, _ flight: Flight, at now: Double) {
        var flight = flight
        if policy.isLimited {
            admissions.removeAll { $0 <= now - 10 }
            if admissions.count >= 5 {
                let retry = policy.isList ? ((admissions.first ?? now) + 10 - now).rounded(.up) : nil
                return finish(number, flight, status: 429, at: now, retryAfter: retry)
            }
            admissions.append(now)
        }
        if case .write = flight.request.action { return schedule(.commit, number, at: now + originTime / 2) }
        flight.key = key(flight.request)
        flights[number] = flight
        if let ttl = policy.ttl, var entry = entries[flight.key] {
            let isLive = now < entry.expires
            if isLive || policy.life == .revalidating {
                if policy.life == .sliding { entry.expires = now + ttl }
                entries[flight.key] = entry
                flight.state = "HIT"
                flight.body = entry.body
                flight.age = Int(now - entry.stored)
                if !isLive, !filling.contains(flight.key) { refresh(flight, at: now) }
                return finish(number, flight, status: 200, at: now)
            }
        }
        if policy.locks, policy.ttl != nil, filling.contains(flight.key) {
            waiting[flight.key, default: []].append(number)
            return
        }
        filling.insert(flight.key)
        misses += 1
        let cost = policy.ttl == nil && isSlow && policy.isSlowAfterWrite ? 0.03 : 0
        isSlow = false
        schedule(.fetch, number, at: now + cost + originTime / 2)
    }

    private mutating func refresh(_ flight: Flight, at now: Double) {
        serial += 1
        filling.insert(flight.key)
        flights[serial] = Flight(request: flight.request, sent: now, key: flight.key, isBackground: true)
        schedule(.fetch, serial, at: now + originTime / 2)
    }

    private mutating func store(_ number: Int, _ flight: Flight, at now: Double) {
        filling.remove(flight.key)
        let isValid = policy.races && !flight.isBackground || flight.epoch == epochs[flight.key, default: 0]
        if let ttl = policy.ttl, isValid {
            entries[flight.key] = Entry(body: flight.body, stored: now, expires: now + ttl)
        }
        for waiter in waiting.removeValue(forKey: flight.key) ?? [] { schedule(.arrive, waiter, at: now) }
        if flight.isBackground { flights[number] = nil } else { finish(number, flight, status: 200, at: now) }
    }

    private mutating func invalidate(user: Int) {
        for key in Set(entries.keys).union(filling) {
            let isOther = policy.isPerUser && !key.hasPrefix("\(user)/")
            if isOther, policy.isPrivate || policy.invalidatesOwnOnly { continue }
            entries[key] = nil
            epochs[key, default: 0] += 1
        }
    }

    private mutating func finish(
        _ number: Int, _ flight: Flight, status: Int, at now: Double, retryAfter: Double? = nil
    ) {
        flights[number] = nil
        let action = flight.request.action
        var exchange = CacheExchange(
            action: action, user: flight.request.user, sent: flight.sent, received: now + network, status: status)
        if let retryAfter { exchange.fields.append(("Retry-After", "\(Int(retryAfter))")) }
        if status == 200 { describe(flight, in: &exchange) }
        finished[number] = exchange
    }
}
