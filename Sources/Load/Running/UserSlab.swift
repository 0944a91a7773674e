import DequeModule
import HeapModule

/// The virtual users of one thread, and what is due for them by the clock.
///
/// Memory for the maximum is reserved from the start and does not move. Unused memory costs nothing.
struct UserSlab: ~Copyable {
    let users: UnsafeMutablePointer<VirtualUser>
    /// The number of users that exist.
    private(set) var count = 0
    /// The numbers, across all threads, of the users that may exist.
    private let numbers: [Int]
    /// Connections per user.
    let width: Int
    private var wakeups = Heap<Wakeup>()
    /// Arrivals of the open model; nil in the closed model.
    private(set) var arrivals: ArrivalQueue?
    /// Whether the model is open: iterations begin when arrivals are due.
    let isOpenModel: Bool
    /// Users without an iteration, in the open model. The one that has rested longest begins the next.
    private var resting = Deque<Int32>()

    /// - Parameter width: connections per user.
    init(_ share: WorkerShare, width: Int, arrivals: ArrivalQueue?) {
        numbers = share.users
        self.width = width
        self.arrivals = arrivals
        isOpenModel = arrivals != nil
        users = .allocate(capacity: max(numbers.count, 1))
        if isOpenModel { resting.reserveCapacity(numbers.count) }
        wakeups.reserveCapacity(numbers.count * width)
    }

    deinit { users.deallocate() }

    subscript(user: Int) -> VirtualUser { users[user] }

    /// Adds a virtual user; returns nil if the maximum is reached.
    mutating func create() -> Int32? {
        guard count < numbers.count else { return nil }
        let user = count
        (users + user).initialize(to: VirtualUser(number: numbers[user], connection: Int32(user * width)))
        count += 1
        return Int32(user)
    }

    // MARK: Sequences that continue at a given time

    mutating func wake(_ slot: Int, at instant: Nanoseconds) {
        wakeups.insert(Wakeup(at: instant, slot: Int32(slot)))
    }

    /// Takes the first wake-up if it is due.
    mutating func takeWakeup(at now: Nanoseconds) -> Wakeup? {
        guard let first = wakeups.min, first.at <= now else { return nil }
        wakeups.removeMin()
        return first
    }

    /// When a user continues or an arrival is due next; `.max` if neither will.
    var nextInstant: Nanoseconds { min(wakeups.min?.at ?? .max, nextArrival) }

    // MARK: Arrivals

    /// When the next arrival is due; `.max` if there is none.
    var nextArrival: Nanoseconds { arrivals?.next ?? .max }

    /// Takes the next arrival from the schedule.
    mutating func takeArrival() -> Nanoseconds? { arrivals?.arrive() }

    /// Makes an arrival wait for a user.
    mutating func wait(_ arrival: Nanoseconds) { arrivals?.wait(arrival) }

    /// When the oldest waiting arrival was due.
    var oldestWaiting: Nanoseconds? { arrivals?.oldest }

    mutating func takeOldestWaiting() -> Nanoseconds? { arrivals?.takeOldest() }

    /// Lets a user rest until an arrival.
    mutating func rest(_ user: Int) { resting.append(Int32(user)) }

    mutating func takeResting() -> Int32? { resting.popFirst() }
}
