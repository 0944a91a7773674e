import DequeModule

/// One thread's share of the open model's arrivals: those that are to come, and those that wait for a virtual user.
struct ArrivalQueue {
    private var schedule: ArrivalSchedule
    private let start: Nanoseconds
    private let end: Nanoseconds
    /// Of all arrivals this thread takes each `threads`-th.
    private let threads: Int
    /// Intended instants of arrivals for which no user was free, the oldest first.
    private var waiting = Deque<Nanoseconds>(minimumCapacity: 1024)
    /// When the next one is due; `.max` where there is none.
    private(set) var next = Nanoseconds.max
    /// Arrivals that have become due, and those of them since the last look.
    private(set) var offered = 0

    /// - Parameter thread: the thread's number, below `threads`.
    init(_ arrivals: LoadModel.Arrivals, thread: Int, of threads: Int, start: Nanoseconds, end: Nanoseconds) {
        schedule = ArrivalSchedule(arrivals.profile, arrivals.distribution, seed: arrivals.seed)
        self.start = start
        self.end = end
        self.threads = threads
        skip(thread)
    }

    /// How many wait.
    var waitingCount: Int { waiting.count }

    /// When the oldest that waits was due.
    var oldest: Nanoseconds? { waiting.first }

    /// Takes the next arrival, which is due, off the schedule.
    mutating func arrive() -> Nanoseconds {
        let arrival = next
        offered += 1
        skip(threads - 1)
        return arrival
    }

    mutating func wait(_ arrival: Nanoseconds) { waiting.append(arrival) }

    /// Takes the oldest that waits.
    mutating func takeOldest() -> Nanoseconds? { waiting.popFirst() }

    mutating func beginMeasurement() { offered = 0 }

    private mutating func skip(_ others: Int) {
        for _ in 0..<others { _ = schedule.next() }
        guard let offset = schedule.next(), start + offset < end else {
            next = .max
            return
        }
        next = start + offset
    }
}
