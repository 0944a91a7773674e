import Synchronization

/// The users whose lists were too long for a script when this instance last saw them: a hint, bounded in memory.
final class LongLists: Sendable {
    private static let capacity = 20_000

    private let users = Mutex(GenerationalTable<User.ID, Bool>(capacity: capacity))

    func contains(_ user: User.ID) -> Bool {
        users.withLock { $0.count > 0 && $0.value(for: user) != nil }
    }

    func note(_ user: User.ID, isLong: Bool) {
        users.withLock { if isLong { $0.insert(true, for: user) } else { $0.removeValue(for: user) } }
    }
}
