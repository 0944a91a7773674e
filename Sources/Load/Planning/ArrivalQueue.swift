import DequeModule

/// One thread's share of the open model's arrivals: those still to come and those waiting for a virtual user.
struct ArrivalQueue {
    private var schedule: ArrivalSchedule
    private let start: Nanoseconds
    private let end: Nanoseconds
    /// This thread takes every `threads`-th of all arrivals.
    private let threads: Int
    /// Intended times of arrivals for which no user was free, oldest first.
    private var waiting = Deque<Nanoseconds>(minimumCapacity: 1024)
    /// When the next arrival is due; `.max` if there is none.
    private(set) var next = Nanoseconds.max
    /// The number of arrivals that have become due since the last reset.
    private(set) var offered = 0

    /// - Parameter thread: the thread's number, below `threads`.
    init(_ arrivals: LoadModel.Arrivals, thread: Int, of threads: Int, start: Nanoseconds, end: Nanoseconds) {
        schedule = ArrivalSchedule(arrivals.profile, arrivals.distribution, seed: arrivals.seed)
        self.start = start
        self.end = end
        self.threads = threads
        skip(thread)
    }

    /// The number of waiting arrivals.
    var waitingCount: Int { waiting.count }

    /// When the oldest waiting arrival was due.
    var oldest: Nanoseconds? { waiting.first }

    /// Takes the next arrival, which is due, from the schedule.
    mutating func arrive() -> Nanoseconds {
        let arrival = next
        offered += 1
        skip(threads - 1)
        return arrival
    }

    mutating func wait(_ arrival: Nanoseconds) { waiting.append(arrival) }

    /// Takes the oldest waiting arrival.
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
