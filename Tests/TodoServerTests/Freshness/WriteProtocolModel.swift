import NIOCore
import TestSupport

@testable import TodoServer

/// A model of two instances that read and write one user's list while Redis fails.
///
/// Every step is chosen at random. The rules of writes and the unconfirmed deletions are the server's own code; Redis
/// is a `ModelRedis`.
struct WriteProtocolModel {
    enum Fault {
        /// Redis is killed and restarts with older data, with its latest data, or empty.
        case restart
        /// A lagging replica is promoted. The earlier master becomes a replica and closes its connections.
        case failover
        /// The same, but connections to the earlier master stay open.
        case silentFailover
        /// A reply arrives too late or never.
        case timeout
        /// All keys are lost.
        case flush
    }

    /// It is over for its instance when it ends. Redis may still execute what was sent, at any time later.
    private struct Connection {
        var redis: Int
        /// Commands that were sent and not executed yet. The ticket identifies the waiting actor, if it still waits.
        var sent: [(command: ModelRedis.Command, ticket: UInt64)] = []
    }

    private struct Instance {
        var connection: Connection?
        var owed = OwedDeletions(lifetime: .hours(1))
    }

    private enum Step {
        case begin
        case lookup(floor: Int)
        case lease(UInt64)
        case read(lease: UInt64?)
        case tombstone(UInt64)
        case commit(CacheWrite)
        case deletion(CacheWrite, version: Int)
        /// The deletion for a write that was refused.
        case undo(CacheWrite)
        case debt([CacheWrite])
    }

    private struct Actor {
        var instance: Int
        var isWriter: Bool
        var step = Step.begin
        /// The ticket of the reply that it waits for.
        var ticket: UInt64?
    }

    /// Whether tombstones whose writes are over expire. Without it, one that is left behind is there at the end.
    var tombstonesExpire = true
    private let withoutRedis: TodoWrites.WithoutRedis
    private let rules: ModelRules
    private let faults: [Fault]
    private var generator: SeededGenerator
    private var redises = [ModelRedis(identity: RedisIdentity(text: "0"))]
    private var master = 0
    /// Earlier states of the master.
    private var snapshots: [[String: ModelRedis.Value]] = [[:]]
    private var instances = [Instance(), Instance()]
    private var ended: [Connection] = []
    private var actors = [
        Actor(instance: 0, isWriter: true), Actor(instance: 0, isWriter: false), Actor(instance: 1, isWriter: true),
        Actor(instance: 1, isWriter: false), Actor(instance: 1, isWriter: false),
    ]
    private var lastNumber: UInt64 = 0
    /// The version in the database.
    private var version = 0
    /// The version that every read beginning now must show: on any instance, and on each instance.
    private var promised = 0
    private var promisedOn = [0, 0]
    /// The versions of the writes with unconfirmed deletions, by number.
    private var versions: [UInt64: Int] = [:]
    /// Nothing new begins any more.
    private var isSettling = false
    private(set) var stale: String?
    private(set) var confirmed = 0
    private(set) var hits = 0

    private static let now = NIODeadline.uptimeNanoseconds(1_000_000_000)

    init(
        seed: UInt64, _ withoutRedis: TodoWrites.WithoutRedis, faults: [Fault], rules: ModelRules = ModelRules()
    ) {
        generator = SeededGenerator(seed: seed)
        self.withoutRedis = withoutRedis
        self.faults = faults
        self.rules = rules
    }

    mutating func run(steps: Int) {
        for _ in 0..<steps where stale == nil { step() }
    }

    /// Lets everything that is under way end, in any order and without further faults. Debts are paid, and what ended
    /// connections have sent is executed.
    /// - Returns: whether all of it ended, with no tombstone left.
    mutating func settle() -> Bool {
        isSettling = true
        for _ in 0..<10_000 where !isSettled {
            switch random(4) {
            case 0: connect(random(2))
            case 1: executeLate()
            case 2: execute(on: random(2))
            default: proceedAny()
            }
        }
        let redis = redises[master]
        if case .tombstones = redis.values[key(in: redis.identity)] { return false }
        return isSettled
    }

    private var isSettled: Bool {
        let isIdle = actors.allSatisfy { if case .begin = $0.step { true } else { false } }
        return isIdle && ended.isEmpty
            && instances.allSatisfy { $0.owed.isEmpty && $0.connection?.sent.isEmpty != false }
    }

    private mutating func step() {
        switch random(40) - 1 {
        case ..<0: if let fault = faults.randomElement(using: &generator) { strike(fault) }
        case 0: snapshots.append(redises[master].values)
        case 1, 2, 3: connect(random(2))
        case 4: disconnect(random(2))
        case 5: forget()
        case 6, 7: executeLate()
        case 8..<23: execute(on: random(2))
        default: proceedAny()
        }
    }

    private mutating func connect(_ instance: Int) {
        if instances[instance].connection == nil { instances[instance].connection = Connection(redis: master) }
    }

    private mutating func proceedAny() {
        let index = random(actors.count)
        if actors[index].ticket == nil { proceed(index) }
    }

    private mutating func random(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    private mutating func newNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    // MARK: Faults

    private mutating func strike(_ fault: Fault) {
        let earlier = snapshots.randomElement(using: &generator) ?? [:]
        switch fault {
        case .restart:
            let kept = random(3)
            promote(kept == 0 ? [:] : kept == 1 ? redises[master].values : earlier, closes: true)
        case .failover: promote(earlier, closes: true)
        case .silentFailover: promote(earlier, closes: false)
        case .timeout:
            let waiting = actors.indices.filter { actors[$0].ticket != nil }
            if let index = waiting.randomElement(using: &generator) {
                actors[index].ticket = nil
                answered(index, .failure(.timedOut), by: identity(of: actors[index].instance))
            }
        case .flush: redises[master].flush()
        }
    }

    /// Makes another Redis the master. The earlier one takes no more writes, and may copy the new one's data.
    private mutating func promote(_ values: [String: ModelRedis.Value], closes: Bool) {
        redises[master].isMaster = false
        if random(2) == 0 { redises[master].values = values }
        redises.append(ModelRedis(identity: RedisIdentity(text: String(redises.count)), values: values))
        master = redises.count - 1
        if closes { for instance in instances.indices { disconnect(instance) } }
    }

    private mutating func disconnect(_ instance: Int) {
        guard let connection = instances[instance].connection else { return }
        let name = identity(of: instance)
        if !connection.sent.isEmpty { ended.append(connection) }
        instances[instance].connection = nil
        for index in actors.indices where actors[index].instance == instance && actors[index].ticket != nil {
            actors[index].ticket = nil
            answered(index, .failure(.disconnected), by: name)
        }
    }

    /// Executes what an ended connection has sent first, or loses all that it has sent.
    private mutating func executeLate() {
        guard let index = ended.indices.randomElement(using: &generator) else { return }
        let redis = ended[index].redis
        if random(4) == 0 {
            ended[index].sent = []
        } else {
            let name = redises[redis].identity
            _ = redises[redis].execute(ended[index].sent.removeFirst().command, at: key(in: name), rules)
        }
        if ended[index].sent.isEmpty { ended.remove(at: index) }
    }

    /// What expires: a lease, or tombstones whose writes are over.
    private mutating func forget() {
        let current: [UInt64] = actors.compactMap {
            switch $0.step {
            case .tombstone(let number): number
            case .commit(let write), .deletion(let write, _), .undo(let write): write.number
            default: nil
            }
        }
        for (key, value) in redises[master].values {
            switch value {
            case .lease: redises[master].values[key] = nil
            case .tombstones where !tombstonesExpire: break
            case .tombstones(let all):
                let left = all.intersection(current)
                redises[master].values[key] = left.isEmpty ? nil : .tombstones(left)
            case .list: break
            }
        }
    }

    // MARK: Redis

    private func identity(of instance: Int) -> RedisIdentity? {
        instances[instance].connection.map { redises[$0.redis].identity }
    }

    private func key(in redis: RedisIdentity?) -> String { rules.keysNameRedis ? redis?.text ?? "" : "list" }

    /// Executes the oldest command sent.
    private mutating func execute(on instance: Int) {
        guard let connection = instances[instance].connection, let first = connection.sent.first else { return }
        instances[instance].connection?.sent.removeFirst()
        let name = identity(of: instance)
        let reply = redises[connection.redis].execute(first.command, at: key(in: name), rules)
        let waiting = actors.firstIndex { $0.ticket == first.ticket }
        if let waiting { actors[waiting].ticket = nil }
        guard case .readOnly = reply else {
            if let waiting { answered(waiting, .success(reply), by: name) }
            return
        }
        if let waiting { answered(waiting, .failure(.refused("READONLY")), by: name) }
        disconnect(instance)
    }

    private mutating func send(_ command: ModelRedis.Command, for index: Int) {
        let instance = actors[index].instance
        guard let connection = instances[instance].connection else {
            return answered(index, .failure(.unavailable), by: nil)
        }
        // A reply is overdue, so Redis counts as stalled.
        let awaited = Set(actors.compactMap(\.ticket))
        guard connection.sent.allSatisfy({ awaited.contains($0.ticket) || $0.ticket == 0 }) else {
            return answered(index, .failure(.unavailable), by: identity(of: instance))
        }
        let ticket = newNumber()
        instances[instance].connection?.sent.append((command, ticket))
        actors[index].ticket = ticket
    }

    // MARK: Readers and writers

    private mutating func proceed(_ index: Int) {
        let instance = actors[index].instance
        switch actors[index].step {
        case .begin where actors[index].isWriter:
            // Write rarely, so that there are hits in between.
            guard random(8) == 0 else { return }
            let owed = instances[instance].owed.writes(of: 1)
            if !owed.isEmpty, isSettling || random(3) == 0 {
                actors[index].step = .debt(owed)
                send(Self.end(of: owed), for: index)
            } else if !isSettling {
                let number = newNumber()
                actors[index].step = .tombstone(number)
                send(.begin(number), for: index)
            }
        case .begin where isSettling: break
        case .begin:
            let isTrusted = instances[instance].owed.isEmpty || !rules.debtsAreDistrusted
            // Without trust in Redis, the list comes from the database and is not stored, so there is nothing to check.
            guard isTrusted else { return }
            actors[index].step = .lookup(floor: max(promised, promisedOn[instance]))
            send(.lookup, for: index)
        case .read(let lease):
            actors[index].step = .begin
            // No actor waits for the reply to a fill.
            if let lease, instances[instance].connection != nil {
                let fill = ModelRedis.Command.fill(version: version, lease: lease)
                instances[instance].connection?.sent.append((fill, 0))
            }
        case .commit(let write):
            version += 1
            actors[index].step = .deletion(write, version: version)
            send(Self.end(of: [write]), for: index)
        case .lookup, .lease, .tombstone, .deletion, .undo, .debt: break
        }
    }

    private mutating func answered(
        _ index: Int, _ result: Result<ModelRedis.Reply, RedisError>, by redis: RedisIdentity?
    ) {
        let instance = actors[index].instance
        let answer = RedisAnswer(result: result.map { _ in .integer(1) }, identity: redis)
        let step = actors[index].step
        actors[index].step = .begin
        switch step {
        case .lookup(let floor):
            if case .success(.hit(let found)) = result {
                hits += 1
                if found < floor { stale = "\(found) instead of \(floor)" }
            } else if case .success = result {
                let number = newNumber()
                actors[index].step = .lease(number)
                send(.lease(number), for: index)
            }
        case .lease(let number):
            if case .success(.done) = result { actors[index].step = .read(lease: number) }
        case .tombstone(let number):
            let tombstone = CacheWrite.Tombstone(after: answer, until: .distantFuture)
            let write = CacheWrite(user: 1, number: number, tombstone: tombstone)
            guard TodoWrites.begins(write, withoutRedis) else {
                actors[index].step = .undo(write)
                return send(Self.end(of: [write]), for: index)
            }
            actors[index].step = .commit(write)
        case .deletion(let write, let version): committed(write, version, answer, on: instance)
        case .undo(let write):
            if case .failure = result { owe(write, on: instance) }
        case .debt(let writes):
            guard case .success = result else { return }
            instances[instance].owed.settle(writes, of: 1)
            for write in writes { promised = max(promised, versions[write.number] ?? 0) }
        case .begin, .read, .commit: break
        }
    }

    private static func end(of writes: [CacheWrite]) -> ModelRedis.Command {
        .end(writes.map(\.number), marks: writes.filter { $0.tombstone == .unconfirmed }.map(\.number))
    }

    private mutating func owe(_ write: CacheWrite, on instance: Int) {
        if !rules.everyTombstoneIsOwed {
            instances[instance].owed.settle(instances[instance].owed.writes(of: 1), of: 1)
        }
        instances[instance].owed.add(write, now: Self.now)
    }

    private mutating func committed(_ write: CacheWrite, _ version: Int, _ answer: RedisAnswer, on instance: Int) {
        if case .failure = answer.result {
            owe(write, on: instance)
            versions[write.number] = version
        }
        var freshness = write.freshness(after: answer, now: Self.now)
        if !rules.tombstonesCountWhereConfirmed, freshness == .unconfirmed, write.tombstone != .unconfirmed {
            freshness = .blocked
        }
        switch TodoWrites.acknowledgement(freshness, withoutRedis) {
        case .confirmed:
            confirmed += 1
            promised = max(promised, version)
        case .unconfirmed: promisedOn[instance] = max(promisedOn[instance], version)
        case nil: break
        }
    }
}
