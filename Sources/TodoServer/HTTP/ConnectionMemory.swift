/// Tracks how much memory one event loop's connections hold, and which hold the most. A value.
///
/// It counts requests without a response yet, parsed or not, and responses that clients have not read.
struct ConnectionMemory<Holder: AnyObject> {
    /// The bytes that one connection holds.
    struct Charge: Equatable {
        /// Memory that only this connection holds.
        var own = 0
        /// Its part of bodies that it may share with other connections.
        var shared = 0

        fileprivate var level: Int? {
            let sum = own + shared
            return sum < unit ? nil : sum.bitWidth - sum.leadingZeroBitCount
        }
    }

    /// Less than this is not counted, because every connection may hold it.
    static var unit: Int { 4096 }

    private let limit: Int
    private var own = 0
    var bodies = SharedBodies()
    /// The connections that hold at least `unit`, by the binary magnitude of what they hold.
    private var levels = [[ObjectIdentifier: Holder]](repeating: [:], count: Int.bitWidth + 1)
    private var highest = 0

    /// - Parameter limit: maximum bytes for all connections together.
    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes held by all connections together.
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

    /// A connection that holds the most, within a factor of two.
    var largest: Holder? {
        mutating get {
            while highest > 0, levels[highest].isEmpty { highest -= 1 }
            return levels[highest].first?.value
        }
    }
}
