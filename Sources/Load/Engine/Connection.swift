/// One slot of a worker's slab: a connection that is open, being made, or waiting to be made again. Plain memory, moved
/// by nobody, with no reference in it.
struct Connection {
    enum State: UInt8 {
        case closed, connecting
        /// Open, with no request under way.
        case idle
        /// A request is being sent or its answer awaited.
        case busy
    }

    var descriptor: Int32 = -1
    var state = State.closed
    /// The virtual user whose connection it is.
    let user: Int32
    var parser = ResponseParser()
    /// When the connection was begun, or the request under way was sent.
    var startedAt: Nanoseconds = 0

    /// The beginning of an answer that did not come at once, or nil. From the worker's pool.
    var received: UnsafeMutableRawPointer?
    var receivedCount = 0
    var receivedCapacity = 0

    /// What is left to send of the request under way.
    var unsent: UnsafeRawPointer?
    var unsentCount = 0
    /// The pool's buffer that `unsent` points into, where the request was rendered; nil where it is constant.
    var outgoing: UnsafeMutableRawPointer?
    var outgoingCapacity = 0

    /// Failures since the last answer: how long to wait before connecting again depends on them.
    var failuresInARow: Int32 = 0

    init(user: Int32) { self.user = user }
}

/// Where a virtual user is in its iteration.
struct VirtualUser {
    /// Its number over all threads.
    let number: Int
    let connection: Int32
    /// The step that is next or under way.
    var step: Int32 = 0
    /// How often that step is still to be done, itself included.
    var remaining: Int32 = 0
    var iteration = 0

    init(number: Int, connection: Int32) {
        self.number = number
        self.connection = connection
    }
}

/// A virtual user is to go on at some time.
struct Wakeup: Comparable {
    var at: Nanoseconds
    var user: Int32

    static func < (left: Wakeup, right: Wakeup) -> Bool { left.at < right.at }
}
