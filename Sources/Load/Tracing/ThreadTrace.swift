import ScenarioRunner
import Trace

/// Records the requests of one thread for one trace.
///
/// Everything is recorded: warm-up and grace period too, because their requests count towards a limit. In the steady
/// state nothing is allocated and no lock is taken. A buffer that is full is exchanged for an empty one, once for
/// thousands of records.
struct ThreadTrace: ~Copyable {
    private struct Step {
        var number: UInt16
        var isRecorded: Bool
        var hasKey = false
        var value = TracePlan.ValueSource.none
        var operation = TraceRecord.Operation.none
        var recordsUnknown = false
    }

    /// What is known of a slot's request when it is sent.
    private struct Sent {
        var key: UInt32
        var value: UInt32
    }

    private var recorder: TraceRecorder
    private let drain: TraceDrain
    private let source: Int
    private let subjects: (any TraceSubjects)?
    private let sources: SourceAddresses
    private let localHost: String
    private let steps: UnsafeMutablePointer<Step>
    private let stepCount: Int
    private let classCount: Int
    /// By step and status: the raw value of the outcome, or ``ignored``.
    private let outcomes: UnsafeMutablePointer<UInt8>
    /// The users' numbers in the recorder, and those of their addresses; ``none`` until one is needed.
    private let users: UnsafeMutablePointer<UInt32>
    private let addresses: UnsafeMutablePointer<UInt32>
    /// By slot.
    private let sent: UnsafeMutablePointer<Sent>
    /// Records whose keys are unknown, or whose names did not fit.
    private var unnamed: UInt64 = 0

    private static var statuses: Int { 1000 }
    private static var ignored: UInt8 { .max }
    /// Equal to `TraceRecord.noValue`, but known to the compiler.
    private static var none: UInt32 { .max }

    /// - Parameters:
    ///   - users: the number of users that may exist in this thread.
    ///   - source: the thread's number.
    init(
        _ trace: TracePlan, of plan: LoadPlan, sources: SourceAddresses, users count: Int, source: Int,
        drain: TraceDrain
    ) {
        self.drain = drain
        self.source = source
        self.sources = sources
        subjects = trace.subjects
        localHost = Self.localHost(reaching: plan.target)
        recorder = TraceRecorder(TraceBuffer(source: UInt16(source), capacity: drain.capacity))
        stepCount = plan.steps.count
        steps = .allocate(capacity: max(stepCount, 1))
        outcomes = .allocate(capacity: max(stepCount, 1) * Self.statuses)
        for (index, step) in plan.steps.enumerated() {
            let number = recorder.number(of: step.id, in: .steps) ?? 0
            var known = Step(number: UInt16(truncatingIfNeeded: number), isRecorded: false)
            if let recorded = trace.steps[index] {
                known = Step(
                    number: known.number, isRecorded: true, hasKey: recorded.hasKey, value: recorded.value,
                    operation: recorded.operation, recordsUnknown: recorded.recordsUnknown)
            }
            (steps + index).initialize(to: known)
            for status in 0..<Self.statuses {
                let outcome = trace.steps[index].flatMap { $0.outcome(status) }
                (outcomes + index * Self.statuses + status).initialize(to: outcome?.rawValue ?? Self.ignored)
            }
        }
        classCount = plan.classes.count
        for name in plan.classes { _ = recorder.number(of: name, in: .classes) }
        users = .allocate(capacity: max(count, 1))
        users.initialize(repeating: Self.none, count: max(count, 1))
        addresses = .allocate(capacity: max(count, 1))
        addresses.initialize(repeating: Self.none, count: max(count, 1))
        let slots = max(count * plan.connectionsPerUser, 1)
        sent = .allocate(capacity: slots)
        sent.initialize(repeating: Sent(key: Self.none, value: Self.none), count: slots)
    }

    /// The address from which the system connects. Only that of a loopback address is known before.
    private static func localHost(reaching server: SocketAddress) -> String {
        if server.isIPv4Loopback { return "127.0.0.1" }
        return server.host == "::1" ? "::1" : "this host"
    }

    deinit {
        steps.deallocate()
        outcomes.deallocate()
        users.deallocate()
        addresses.deallocate()
        sent.deallocate()
    }

    /// Whether anything is recorded of a request before it is sent.
    func notesRequest(step: Int) -> Bool { steps[step].hasKey || steps[step].value == .request }

    /// Whether the value that the request writes is recorded.
    func notesValue(step: Int) -> Bool { steps[step].value == .request }

    /// Notes what a request is about that is about to be sent.
    /// - Parameter request: head and body as sent.
    mutating func noteRequest(_ request: UnsafeRawBufferPointer, slot: Int, step: Int, iteration: UserIteration) {
        guard notesRequest(step: step) else { return }
        var known = Sent(key: Self.none, value: Self.none)
        if steps[step].hasKey { known.key = key(subjects?.key(step: step, iteration: iteration)) }
        if notesValue(step: step), let value = subjects?.value(ofRequest: request, step: step, iteration: iteration) {
            known.value = name(value, in: .values)
        }
        sent[slot] = known
    }

    /// Records a response.
    /// - Parameter classes: the bits of the response's classes.
    @inline(__always)
    mutating func record(
        _ response: RememberedJudge.Response, slot: Int, at received: Nanoseconds, classes: UInt64, user: VirtualUser
    ) {
        let connection = response.connection
        let index = Int(connection.pointee.step)
        let step = steps[index]
        let status = Int(connection.pointee.parser.status)
        guard step.isRecorded, status < Self.statuses else { return }
        let code = outcomes[index * Self.statuses + status]
        guard code != Self.ignored, let outcome = TraceRecord.Outcome(rawValue: code) else { return }
        var value = step.value == .request ? sent[slot].value : Self.none
        if step.value == .response { value = shownValue(response) }
        let lowest = classes.trailingZeroBitCount
        append(
            TraceRecord(
                sent: connection.pointee.firstSentAt, received: received, key: key(connection, slot, user),
                value: value,
                user: self.user(connection, user), step: step.number,
                responseClass: lowest < classCount ? UInt8(truncatingIfNeeded: lowest) : .max, outcome: outcome,
                operation: step.operation, isRetried: connection.pointee.wasRetried))
    }

    /// Records a request that was sent, at least in part, and has no response.
    mutating func recordUnknown(_ connection: UnsafePointer<Connection>, slot: Int, user: VirtualUser) {
        let index = Int(connection.pointee.step)
        guard index >= 0, steps[index].recordsUnknown else { return }
        append(
            TraceRecord(
                sent: connection.pointee.firstSentAt, received: .max, key: key(connection, slot, user),
                value: steps[index].value == .request ? sent[slot].value : Self.none,
                user: self.user(connection, user), step: steps[index].number, outcome: .unknown,
                operation: steps[index].operation, isRetried: connection.pointee.wasRetried))
    }

    /// Hands over everything recorded.
    mutating func end() {
        if recorder.count > 0 { handOver(for: TraceBuffer(source: UInt16(source), capacity: 0)) }
        drain.addLost(recorder.lost + unnamed)
    }

    @inline(__always)
    private mutating func append(_ record: TraceRecord) {
        if recorder.isFull { handOver(for: drain.takeEmpty(source: source)) }
        recorder.append(record)
    }

    /// - Parameter empty: the buffer to fill next; nil if there is none, and records are lost.
    @inline(never)
    private mutating func handOver(for empty: TraceBuffer?) {
        guard var buffer = empty else { return }
        recorder.swapBuffer(with: &buffer)
        drain.add(buffer)
    }

    @inline(never)
    private mutating func shownValue(_ response: RememberedJudge.Response) -> UInt32 {
        let received = ReceivedResponse(
            response.connection.pointee.parser, bytes: response.bytes.bytes, length: response.length)
        guard let value = subjects?.value(of: received, step: response.step) else { return Self.none }
        return name(value, in: .values)
    }

    // MARK: Names

    @inline(__always)
    private mutating func user(_ connection: UnsafePointer<Connection>, _ user: VirtualUser) -> UInt32 {
        let index = Int(connection.pointee.user)
        if users[index] == Self.none { users[index] = name("\(user.number)", in: .users) }
        return users[index]
    }

    @inline(__always)
    private mutating func key(_ connection: UnsafePointer<Connection>, _ slot: Int, _ user: VirtualUser) -> UInt32 {
        if steps[Int(connection.pointee.step)].hasKey { return sent[slot].key }
        let index = Int(connection.pointee.user)
        if addresses[index] == Self.none {
            addresses[index] = name(sources.address(user: user.number)?.host ?? localHost, in: .keys)
        }
        return addresses[index]
    }

    /// - Parameter text: nil if the key could not be rendered, which makes the trace incomplete.
    private mutating func key(_ text: String?) -> UInt32 {
        guard let text else {
            unnamed += 1
            return 0
        }
        return name(text, in: .keys)
    }

    /// The number of a name. A name that does not fit makes the trace incomplete.
    @inline(never)
    private mutating func name(_ name: String, in table: TraceTable) -> UInt32 {
        if let number = recorder.number(of: name, in: table) { return number }
        unnamed += 1
        return 0
    }
}
