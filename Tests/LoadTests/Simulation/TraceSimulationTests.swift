import Audit
import Scenario
import ScenarioRunner
import Testing
import Trace

@testable import Load

/// Traces of simulated runs, compared with what the simulated server decided.
@Suite(.timeLimit(.minutes(5)))
struct TraceSimulationTests {
    static let seeds: Range<UInt64> = 0..<20

    @Test("every request sent is in the trace once, from its first send to its response", arguments: seeds)
    func complete(seed: UInt64) throws {
        var simulation = Simulation.random(seed, milliseconds: 20...200)
        simulation.isTraced = true
        let run = simulation.run()
        let trace = try #require(run.trace)
        #expect(trace.gap == nil, "seed \(seed)")
        let exchanges = run.truth.exchanges
        #expect(
            trace.records.map(\.received).sorted() == exchanges.map { $0.receivedAt ?? .max }.sorted(), "seed \(seed)")
        let sent = zip(trace.records.map(\.sent).sorted(), exchanges.map(\.sentAt).sorted())
        #expect(sent.allSatisfy { $0 <= $1 }, "seed \(seed)")
        #expect(trace.records.allSatisfy { !$0.isRetried }, "seed \(seed)")
    }

    @Test("under faults, each request is recorded once, and each without a response as unknown", arguments: seeds)
    func faults(seed: UInt64) throws {
        var simulation = Simulation.random(seed, milliseconds: 20...300)
        simulation.makeFaulty()
        simulation.settings.grace = .milliseconds(Int(seed % 5) * 10)
        simulation.open(rate: 400, distribution: .poisson)
        simulation.isTraced = true
        let run = simulation.run()
        let trace = try #require(run.trace)
        let answered = trace.records.filter { $0.outcome != .unknown }
        #expect(
            answered.map(\.received).sorted()
                == run.truth.exchanges.filter { $0.status != nil }.compactMap(\.receivedAt).sorted(), "seed \(seed)")
        // A retry is a second exchange of the same request.
        let retried = trace.records.count(where: \.isRetried)
        #expect(trace.records.count + retried == run.truth.exchanges.count, "seed \(seed)")
    }

    // MARK: A limiter

    /// Users that send as fast as they can, each from its own address, at a limit of 5 per 50 ms.
    private static func limited(_ seed: UInt64, race: Nanoseconds) -> (SimulatedRun, SimulatedLimiter) {
        let limiter = SimulatedLimiter(limit: 5, window: 50_000_000, race: race)
        var simulation = Simulation(seed: seed)
        simulation.settings.virtualUsers = 12
        simulation.settings.duration = .milliseconds(300)
        // Three users share an address, so that their requests can overlap.
        simulation.settings.sources = .pool(first: 0x7F00_0001, count: 4)
        simulation.server.treat = { request, random in
            limiter.treat(
                request, client: request.slot % 4, after: UInt64.random(in: 200_000...2_000_000, using: &random))
        }
        simulation.isTraced = true
        return (simulation.run(), limiter)
    }

    private static func audit(_ run: SimulatedRun, _ policy: String) throws -> RateLimitAudit {
        RateLimitAudit(KeyedTrace(try #require(run.trace)), try RateLimitPolicy(parsing: policy), steps: [])
    }

    @Test("a limiter that decides correctly is never found to have failed", arguments: seeds)
    func healthyLimiter(seed: UInt64) throws {
        let (run, limiter) = Self.limited(seed, race: 0)
        let audit = try Self.audit(run, "sliding-window:5/50ms")
        #expect(
            [.proved, .consistent].contains(audit.admissions.verdict), "seed \(seed): \(audit.admissions.sentence)")
        #expect(audit.denials.verdict != .failed, "seed \(seed): \(audit.denials.sentence)")
        #expect(limiter.decisions.contains { !$0.isAdmitted })
        #expect(audit.admissions.examined == limiter.decisions.count(where: \.isAdmitted), "seed \(seed)")
    }

    @Test("each decision lies within the interval of its record", arguments: seeds)
    func intervals(seed: UInt64) throws {
        let (run, limiter) = Self.limited(seed, race: 0)
        let trace = try #require(run.trace)
        for slot in 0..<12 {
            let decisions = limiter.decisions.filter { $0.slot == slot }
            let number = try #require((0..<UInt32(trace.users.count)).first { trace.users[$0] == "\(slot)" })
            let records = trace.records.filter { $0.user == number }.sorted { $0.sent < $1.sent }
            #expect(decisions.count == records.count, "seed \(seed)")
            for (decision, record) in zip(decisions, records) {
                let time = run.schedule.start + decision.time
                #expect(record.sent <= time && time <= record.received, "seed \(seed)")
                #expect(trace.keys[record.key] == "127.0.0.\(slot % 4 + 1)", "seed \(seed)")
                guard record.outcome != .unknown else { continue }
                #expect(record.outcome == (decision.isAdmitted ? .admitted : .denied), "seed \(seed)")
            }
        }
    }

    @Test("a limiter that counts a request only after a while is found to have failed", arguments: seeds)
    func racyLimiter(seed: UInt64) throws {
        let (run, _) = Self.limited(seed, race: 4_000_000)
        let audit = try Self.audit(run, "sliding-window:5/50ms")
        #expect(audit.admissions.verdict == .failed, "seed \(seed): \(audit.admissions.sentence)")
        #expect(audit.admissions.witnesses.count > 5, "seed \(seed)")
    }

    // MARK: A cache

    /// Users that write a new value of one object and then read it five times.
    private static func cached(_ seed: UInt64, refill: Nanoseconds) throws -> [String: AuditFinding] {
        let cache = SimulatedCache(refill: refill)
        var simulation = Simulation(seed: seed)
        simulation.settings.virtualUsers = 3
        simulation.settings.duration = .milliseconds(200)
        simulation.steps = [
            PlannedStep(
                id: "write", action: .exchange(PlannedRequest(bytes: .rendered(ObjectWriter()), isIdempotent: true))),
            .get(repeats: 5),
        ]
        simulation.tracePlan = TracePlan(
            steps: [.audited(ObjectAuditor(isWrite: true)), .audited(ObjectAuditor(isWrite: false))])
        simulation.server.treat = { request, random in
            cache.treat(request, after: UInt64.random(in: 100_000...1_500_000, using: &random))
        }
        simulation.isTraced = true
        let trace = KeyedTrace(try #require(simulation.run().trace))
        let findings = FreshnessAudit(trace, FreshnessPromise(.latest)).findings
        return Dictionary(uniqueKeysWithValues: findings.map { ($0.audit, $0) })
    }

    @Test("a cache that writes invalidate is never found to be stale", arguments: seeds)
    func healthyCache(seed: UInt64) throws {
        let findings = try Self.cached(seed, refill: 0)
        let fresh = try #require(findings["fresh reads"])
        #expect([.proved, .consistent].contains(fresh.verdict), "seed \(seed): \(fresh.sentence)")
        let order = try #require(findings["linearizability"])
        #expect([.proved, .consistent].contains(order.verdict), "seed \(seed): \(order.sentence)")
        #expect(fresh.examined > 100, "seed \(seed)")
    }

    @Test("a read that restores an old value after a write is found", arguments: seeds)
    func refillRace(seed: UInt64) throws {
        let fresh = try #require(Self.cached(seed, refill: 2_000_000)["fresh reads"])
        #expect(fresh.verdict == .failed, "seed \(seed): \(fresh.sentence)")
        #expect(fresh.sentence.contains("stale") && fresh.witnesses.count == 2, "seed \(seed)")
    }
}

/// Writes a value that no other request writes.
private struct ObjectWriter: RequestRenderer {
    func render(into buffer: inout [UInt8], iteration: UserIteration) {
        let value = "\"\(iteration.user)-\(iteration.number)\""
        buffer += "PUT / HTTP/1.1\r\nHost: simulation\r\nContent-Length: \(value.utf8.count)\r\n\r\n\(value)".utf8
    }
}

/// Takes bodies for the value of one object.
private struct ObjectAuditor: RequestAuditor {
    let isWrite: Bool
    private static let root = try? JSONPath(parsing: "$")

    init(isWrite: Bool) { self.isWrite = isWrite }

    func requests(_ request: UnsafeRawBufferPointer, iteration: UserIteration) -> [AuditedRequest]? {
        let text = String(decoding: request, as: UTF8.self).split(separator: "\"").dropFirst().first
        guard isWrite else { return Self.root.map { [AuditedRequest(key: "object", .read($0, .latest))] } }
        return [AuditedRequest(key: "object", .write(.text(String(text ?? "")), .latest))]
    }

    func response(_ received: borrowing ReceivedResponse) -> Response {
        Response(status: received.status, body: received.body())
    }
}
