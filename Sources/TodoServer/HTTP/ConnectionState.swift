/// The state of a client's connection, as a value: events in, actions out.
///
/// A connection handles one request at a time. Input that arrives meanwhile waits, before the parser or behind it.
struct ConnectionState {
    enum Phase: Equatable {
        /// The next request has not begun, or only part of its head has arrived.
        case idle
        /// The head of a request has arrived, and its body is incomplete.
        case receiving
        /// A request is being handled, or its response is being written.
        case responding(isWrite: Bool)
        /// Other connections are served before the next pipelined request.
        case yielding
        /// The last response is being sent.
        case finishing(lingers: Bool)
        /// The last response has left. The client may still be sending.
        case lingering
        case closed
    }

    /// What to do with input.
    enum InputAction {
        case process
        /// Keep it until the request is handled and the client has read its responses.
        case wait
        case discard
    }

    enum ResponseAction {
        case send
        /// Send it, and close the connection once it has left.
        case sendLast
        /// There is no request to respond to any more.
        case drop
    }

    enum SentAction {
        /// Process input that waits.
        case proceed
        /// Serve other connections first.
        case yield
    }

    enum LastSentAction {
        case close
        /// Close the sending side. Discard input until the client closes its side.
        case linger
    }

    enum TimeoutAction {
        /// Refuse the request, because its rest did not arrive.
        case refuse
        /// Close once all responses have left.
        case end
        /// Check whether the client has read enough of its response.
        case judgeReader
        /// Close, unless the client has something left to read.
        case close
    }

    /// Why a request is abandoned at the end of the drain time.
    enum Abandonment {
        /// Nothing was done.
        case overloaded
        /// The request may change something, and has begun.
        case outcomeUnknown
    }

    /// Maximum number of responses before other connections are served, if further requests wait.
    static let longestTurn = 16

    private(set) var phase = Phase.idle
    private(set) var isDraining = false
    private var isInputClosed = false
    /// A response is being written. What its writes trigger is handled afterwards.
    private var isSending = false
    /// The number of long bodies that the socket has not taken yet.
    private var longBodies = 0
    private var isWritable = true
    private var holdsRead = false
    /// Responses since the last time that the connection yielded.
    private var responsesInTurn = 0

    /// Whether the client has to read its responses before its next request is handled.
    private var isBlocked: Bool { longBodies > 0 || !isWritable }

    // MARK: Input

    var input: InputAction {
        switch phase {
        case .idle, .receiving: isBlocked ? .wait : .process
        case .responding, .yielding: .wait
        case .finishing, .lingering, .closed: .discard
        }
    }

    /// Whether the next bytes are those of a head, and the client is expected to send them soon.
    var awaitsHead: Bool { phase == .idle && !isBlocked }

    /// The client has closed its sending side.
    /// - Returns: whether to close the connection immediately.
    mutating func closeInput() -> Bool {
        isInputClosed = true
        return phase == .lingering
    }

    /// The channel asks for the next read.
    /// - Parameter isHolding: whether input waits. So a client can queue at most one read.
    /// - Returns: whether to read now. If not, `releaseRead` tells when.
    mutating func read(isHolding: Bool) -> Bool {
        guard isHolding, input == .wait else { return true }
        holdsRead = true
        return false
    }

    mutating func releaseRead(isHolding: Bool) -> Bool {
        guard holdsRead, !isHolding || input != .wait else { return false }
        holdsRead = false
        return true
    }

    // MARK: Requests and responses

    /// A head has arrived, and its body is incomplete.
    mutating func beginRequest() {
        phase = .receiving
    }

    /// A request is handled.
    /// - Parameter isWrite: whether it may change something.
    mutating func handleRequest(isWrite: Bool) {
        phase = .responding(isWrite: isWrite)
    }

    /// A response is ready. Write it and call `sent`.
    /// - Parameters:
    ///   - leavesInput: whether input that belongs to the request is not read.
    ///   - isHolding: whether further input waits.
    mutating func respond(isKeptAlive: Bool, leavesInput: Bool, isHolding: Bool) -> ResponseAction {
        guard input != .discard else { return .drop }
        isSending = true
        if isKeptAlive, !isDraining { return .send }
        // Closing while the client still sends would reset the connection, and the client could lose the response.
        phase = .finishing(lingers: leavesInput || isDraining || isHolding)
        return .sendLast
    }

    /// A response has been written. The socket may not have taken it yet.
    mutating func sent(isHolding: Bool) -> SentAction {
        isSending = false
        guard case .responding = phase else { return .proceed }
        responsesInTurn += 1
        guard isHolding, responsesInTurn >= Self.longestTurn else {
            phase = .idle
            return .proceed
        }
        phase = .yielding
        return .yield
    }

    /// Other connections have been served.
    mutating func endYield() {
        responsesInTurn = 0
        if phase == .yielding { phase = .idle }
    }

    /// The socket has taken the last response.
    mutating func sentLast() -> LastSentAction {
        guard phase == .finishing(lingers: true), !isInputClosed else { return .close }
        phase = .lingering
        return .linger
    }

    // MARK: Slow readers

    /// - Returns: whether to process input that waits.
    mutating func writabilityChanged(to isWritable: Bool) -> Bool {
        self.isWritable = isWritable
        return !isSending
    }

    mutating func beginLongBody() {
        longBodies += 1
    }

    /// The socket has taken a long body, or the connection has ended.
    /// - Returns: whether to process input that waits.
    mutating func endLongBody() -> Bool {
        longBodies -= 1
        return !isSending && phase != .closed
    }

    // MARK: Ending

    /// Closes the connection once all responses have left.
    mutating func end() {
        phase = .finishing(lingers: false)
    }

    mutating func close() {
        phase = .closed
    }

    /// The server shuts down. The current request is the last one.
    /// - Returns: whether no request has begun.
    mutating func drain() -> Bool {
        isDraining = true
        return phase == .idle || phase == .yielding
    }

    /// - Parameter isJudged: whether the time that has run out is the client's to read its response.
    func timeout(isJudged: Bool) -> TimeoutAction {
        switch phase {
        case .receiving: .refuse
        case .idle, .responding, .yielding: isDraining ? .end : isJudged ? .judgeReader : .close
        case .finishing, .lingering, .closed: isJudged ? .judgeReader : .close
        }
    }

    /// Whether to send an error before the connection is closed to free memory.
    /// - Parameter hasUnread: whether the client has not read all of its responses.
    func isRefused(hasUnread: Bool) -> Bool { phase == .receiving && !hasUnread }

    /// How to abandon the request at the end of the drain time; nil if there is none.
    var abandonment: Abandonment? {
        switch phase {
        case .receiving, .responding(isWrite: false): .overloaded
        case .responding(isWrite: true): .outcomeUnknown
        case .idle, .yielding, .finishing, .lingering, .closed: nil
        }
    }
}
