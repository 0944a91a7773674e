/// One slot of a worker's slab: a connection that is open, being made, or waiting to be made again, and the strand of
/// steps that is carried out on it. Plain memory, moved by nobody, with no reference in it.
struct Connection {
    enum State: UInt8 {
        case closed, connecting
        /// Connected; TLS is being agreed on.
        case handshaking
        /// Open, with no request under way.
        case idle
        /// A request is being sent or its answer awaited.
        case busy
    }

    var socket = SocketHandle()
    var state = State.closed
    /// The virtual user whose connection it is.
    let user: Int32

    /// The step that is next or under way; -1 where the strand, a branch of a `parallel`, has nothing to do.
    var step: Int32
    /// How often that step is still to be done, itself included.
    var remaining: Int32 = 0
    /// Whether the step is over when the strand's time has come: after a pause, or the wait that follows a failure.
    var isStepOver = false
    /// Whether the request that is next is due by the clock, rather than by an answer before it.
    var isDueByClock = false
    /// Whether what comes of the request under way counts. One sent in the warm-up does not where so many are to be
    /// measured and no more.
    var isCounted = true
    /// Whether an answer has come on the connection.
    var isUsed = false
    /// Whether the request that is next was sent before, on a connection that ended under it.
    var isSentAgain = false

    var parser = ResponseParser()
    /// When the request was to be sent by the schedule.
    var intendedAt: Nanoseconds = 0
    /// How late a pause began that is under way, by the schedule: what comes after it is as late.
    var lateness: Nanoseconds = 0
    /// When it could be sent: there was a user for it, with an open connection.
    var readyAt: Nanoseconds = 0
    /// How late the generator sent the request under way.
    var sendLag: Nanoseconds = 0
    /// How late the generator began the connection that the request then had to wait for.
    var openLag: Nanoseconds = 0
    /// When the connection was begun, or the request under way was sent.
    var startedAt: Nanoseconds = 0

    /// The beginning of an answer that did not come at once, or nil. From the worker's pool.
    var received: UnsafeMutableRawPointer?
    var receivedCount = 0
    var receivedCapacity = 0

    /// What is left to send of the request under way.
    var unsent: UnsafeRawPointer?
    var unsentCount = 0
    /// The pool's buffer that `unsent` points into, where the request was rendered; nil where it is kept elsewhere.
    var outgoing: UnsafeMutableRawPointer?
    var outgoingCapacity = 0

    /// Failures since the last answer: how long to wait before connecting again depends on them.
    var failuresInARow: Int32 = 0

    /// - Parameter step: the first step, or -1 for a branch.
    init(user: Int32, step: Int32) {
        self.user = user
        self.step = step
    }
}

/// Where a virtual user is.
struct VirtualUser {
    /// Its number over all threads.
    let number: Int
    /// The slot of its connection. Those for the branches of a `parallel` follow it.
    let connection: Int32
    /// Branches that are under way.
    var branches: Int32 = 0
    /// Whether it has begun an iteration and not ended it.
    var isInIteration = false
    var iteration = 0

    init(number: Int, connection: Int32) {
        self.number = number
        self.connection = connection
    }
}

/// A strand is to go on at some time.
struct Wakeup: Comparable {
    var at: Nanoseconds
    var slot: Int32

    static func < (left: Wakeup, right: Wakeup) -> Bool { left.at < right.at }
}
