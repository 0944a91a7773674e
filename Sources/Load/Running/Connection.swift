/// One slot of a ``ConnectionSlab``: a connection, open or not, and the sequence of steps that runs on it.
///
/// A user's main steps form one sequence, and so does each branch of a `parallel`. Plain memory that never moves and
/// holds no references.
struct Connection {
    enum State: UInt8 {
        case closed, connecting
        /// Connected; the TLS handshake is in progress.
        case handshaking
        /// Open, with no request in flight.
        case idle
        /// A request is being sent, or its response is awaited.
        case busy
    }

    var socket = SocketHandle()
    var state = State.closed
    /// The virtual user that owns the connection.
    let user: Int32

    /// The current or next step; -1 for a branch of a `parallel` that has nothing to do.
    var step: Int32
    /// How many times that step is still to run, including the current time.
    var remaining: Int32 = 0
    /// Whether the step is over when the sequence wakes up: after a pause, or after the wait that follows a failure.
    var isStepOver = false
    /// Whether the next request is due at a time of the schedule, rather than after a response.
    var isDueByClock = false
    /// Whether the request in flight counts. If the number of measured requests is limited, one sent during the warm-up
    /// does not.
    var isCounted = true
    /// Whether a response has been received on the connection.
    var isUsed = false
    /// Whether the next request is a retry, because its previous connection closed.
    var isSentAgain = false
    /// Whether the request in flight was sent before, on a connection that closed meanwhile.
    var wasRetried = false

    var parser = ResponseParser()
    /// When the schedule meant the request to be sent.
    var intendedAt: Nanoseconds = 0
    /// How late the current pause began, by the schedule. Whatever follows the pause is as late.
    var lateness: Nanoseconds = 0
    /// When the request could have been sent: a user was free and its connection open.
    var readyAt: Nanoseconds = 0
    /// How late the generator sent the request in flight.
    var sendLag: Nanoseconds = 0
    /// How late the generator began to open the connection that the request had to wait for.
    var openLag: Nanoseconds = 0
    /// When the connection attempt began, or when the request in flight was sent.
    var startedAt: Nanoseconds = 0

    /// The beginning of a response that has not arrived in full, or nil. Allocated from the slab's pool.
    var received: UnsafeMutableRawPointer?
    var receivedCount = 0
    var receivedCapacity = 0

    /// The unsent rest of the current request.
    var unsent: UnsafeRawPointer?
    var unsentCount = 0
    /// The pool's buffer that `unsent` points into if the request was rendered; nil if the bytes are kept elsewhere.
    var outgoing: UnsafeMutableRawPointer?
    var outgoingCapacity = 0

    /// When the request in flight was sent for the first time; 0 if none was sent that waits for its response.
    var firstSentAt: Nanoseconds = 0

    /// When the current request was meant to be sent for the first time, if it was denied since; otherwise 0.
    var deniedSince: Nanoseconds = 0

    /// Consecutive failures since the last response; they determine the backoff before connecting again.
    var failuresInARow: Int32 = 0

    /// - Parameter step: the first step, or -1 for a branch.
    init(user: Int32, step: Int32) {
        self.user = user
        self.step = step
    }
}
