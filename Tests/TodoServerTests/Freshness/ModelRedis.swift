@testable import TodoServer

/// A model of Redis: what the cache's scripts do to one user's key.
struct ModelRedis {
    enum Value {
        case lease(UInt64)
        /// The version of the stored list.
        case list(Int)
        /// The numbers of the writes in progress.
        case tombstones(Set<UInt64>)
    }

    enum Command {
        case lookup
        case lease(UInt64)
        case fill(version: Int, lease: UInt64)
        case begin(UInt64)
        /// - Parameter marks: the writes among them whose tombstones may still arrive.
        case end([UInt64], marks: [UInt64])
    }

    enum Reply {
        case hit(Int)
        case done
        case nothing
        case readOnly
    }

    let identity: RedisIdentity
    var isMaster = true
    /// Includes keys of earlier Redis processes, left in a snapshot.
    var values: [String: Value] = [:]
    /// The writes that are marked as over.
    private var ended: Set<UInt64> = []

    init(identity: RedisIdentity, values: [String: Value] = [:]) {
        self.identity = identity
        self.values = values
    }

    mutating func flush() {
        values = [:]
        ended = []
    }

    mutating func execute(_ command: Command, at key: String, _ rules: ModelRules) -> Reply {
        if !isMaster {
            guard case .lookup = command, !rules.lookupsNeedMaster else { return .readOnly }
        }
        switch (command, values[key]) {
        case (.lookup, .list(let version)): return .hit(version)
        case (.lookup, _): return .nothing
        case (.lease, .tombstones) where rules.tombstonesBlockLeases: return .nothing
        case (.lease(let number), _): values[key] = .lease(number)
        case (.fill(let version, let lease), .lease(let current)) where lease == current: values[key] = .list(version)
        case (.fill(let version, _), _) where !rules.fillsNeedLease: values[key] = .list(version)
        case (.fill, _): return .nothing
        case (.begin(let number), _) where rules.endedWritesPlaceNothing && ended.contains(number): return .nothing
        case (.begin(let number), .tombstones(let others)): values[key] = .tombstones(others.union([number]))
        case (.begin(let number), _): values[key] = .tombstones([number])
        case (.end(let numbers, let marks), .tombstones(let all)) where rules.writesEndAlone:
            let others = all.subtracting(numbers)
            values[key] = others.isEmpty ? nil : .tombstones(others)
            ended.formUnion(marks)
        case (.end(_, let marks), _):
            values[key] = nil
            ended.formUnion(marks)
        }
        return .done
    }
}

/// The rules of the protocol. Each can be broken, to check that the model detects it.
struct ModelRules: Sendable {
    var keysNameRedis = true
    var lookupsNeedMaster = true
    var tombstonesBlockLeases = true
    var fillsNeedLease = true
    /// A write only removes its own tombstone.
    var writesEndAlone = true
    /// A tombstone only counts while the connection leads to the Redis that confirmed it.
    var tombstonesCountWhereConfirmed = true
    /// An instance does not use lists in Redis while it has an unconfirmed deletion.
    var debtsAreDistrusted = true
    /// A tombstone that arrives after its write has ended is not placed.
    var endedWritesPlaceNothing = true
    /// A deletion that is owed does not replace that of another tombstone.
    var everyTombstoneIsOwed = true
}
