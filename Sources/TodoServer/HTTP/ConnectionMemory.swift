/// How much memory the connections of one event loop hold together, and which of them hold most: a pure value.
///
/// Counted are requests that are not answered yet, whether parsed or not, and responses that clients have not taken.
struct ConnectionMemory<Holder: AnyObject> {
    /// What one connection holds, in bytes.
    struct Charge: Equatable {
        /// Of its own.
        var own = 0
        /// Its part of the bodies that it may share with others.
        var shared = 0

        fileprivate var level: Int? {
            let sum = own + shared
            return sum < unit ? nil : sum.bitWidth - sum.leadingZeroBitCount
        }
    }

    /// Less than this is not counted: every connection may have it.
    static var unit: Int { 4096 }

    private let limit: Int
    private var own = 0
    var bodies = SharedBodies()
    /// The connections that are counted, by the magnitude of what they hold.
    private var levels = [[ObjectIdentifier: Holder]](repeating: [:], count: Int.bitWidth + 1)
    private var highest = 0

    /// - Parameter limit: bytes of all connections together.
    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes of all connections together.
    var used: Int { own + bodies.bytes }
    var isOver: Bool { used > limit }

    mutating func change(_ holder: Holder, from old: Charge, to new: Charge) {
        own += new.own - old.own
        guard old.level != new.level else { return }
        if let level = old.level { levels[level][ObjectIdentifier(holder)] = nil }
        if let level = new.level {
            levels[level][ObjectIdentifier(holder)] = holder
            highest = max(highest, level)
        }
    }

    /// One of those that hold most, within a factor of two.
    var largest: Holder? {
        mutating get {
            while highest > 0, levels[highest].isEmpty { highest -= 1 }
            return levels[highest].first?.value
        }
    }
}
