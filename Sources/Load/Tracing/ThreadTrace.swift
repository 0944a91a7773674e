import Scenario
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
        var auditor: (any RequestAuditor)?
    }

    /// What is known of a slot's request when it is sent.
    private struct Noted {
        var key: UInt32
        var request: AuditedRequest
    }

    private var recorder: TraceRecorder
    private let drain: TraceDrain
    private let source: Int
    private let sources: SourceAddresses
    private let localHost: String
    private let steps: [Step]
    /// Whether some step has an auditor.
    private let isAudited: Bool
    private let classCount: Int
    /// By step and status: the raw value of the outcome, or ``ignored``.
    private let outcomes: UnsafeMutablePointer<UInt8>
    /// The users' numbers in the recorder, and those of their addresses; ``none`` until one is needed.
    private let users: UnsafeMutablePointer<UInt32>
    private let addresses: UnsafeMutablePointer<UInt32>
    /// By slot, for steps with an auditor.
    private var noted: [[Noted]]
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
        localHost = Self.localHost(reaching: plan.target)
        var recorder = TraceRecorder(TraceBuffer(source: UInt16(source), capacity: drain.capacity))
        outcomes = .allocate(capacity: max(plan.steps.count, 1) * Self.statuses)
        outcomes.initialize(repeating: Self.ignored, count: max(plan.steps.count, 1) * Self.statuses)
        var steps: [Step] = []
        for (index, step) in plan.steps.enumerated() {
            let number = UInt16(truncatingIfNeeded: recorder.number(of: step.id, in: .steps) ?? 0)
            switch trace.steps[index] {
            case nil: steps.append(Step(number: number, isRecorded: false))
            case .audited(let auditor): steps.append(Step(number: number, isRecorded: true, auditor: auditor))
            case .outcomes(let outcome):
                steps.append(Step(number: number, isRecorded: true))
                for status in 0..<Self.statuses {
                    guard let outcome = outcome(status) else { continue }
                    outcomes[index * Self.statuses + status] = outcome.rawValue
                }
            }
        }
        self.steps = steps
        isAudited = steps.contains { $0.auditor != nil }
        classCount = plan.classes.count
        for name in plan.classes { _ = recorder.number(of: name, in: .classes) }
        self.recorder = recorder
        users = .allocate(capacity: max(count, 1))
        users.initialize(repeating: Self.none, count: max(count, 1))
        addresses = .allocate(capacity: max(count, 1))
        addresses.initialize(repeating: Self.none, count: max(count, 1))
        noted = isAudited ? Array(repeating: [], count: count * plan.connectionsPerUser) : []
    }

    /// The address from which the system connects. Only that of a loopback address is known before.
    private static func localHost(reaching server: SocketAddress) -> String {
        if server.isIPv4Loopback { return "127.0.0.1" }
        return server.host == "::1" ? "::1" : "this host"
    }

    deinit {
        outcomes.deallocate()
        users.deallocate()
        addresses.deallocate()
    }

    /// Whether anything is noted of a request before it is sent.
    func notesRequest(step: Int) -> Bool { isAudited && steps[step].auditor != nil }

    /// Notes what a request is about that is about to be sent.
    /// - Parameter request: head and body as sent.
    mutating func noteRequest(
        _ request: UnsafeRawBufferPointer, _ connection: UnsafePointer<Connection>, slot: Int, user: VirtualUser,
        iteration: UserIteration
    ) {
        guard let auditor = steps[Int(connection.pointee.step)].auditor else { return }
        guard let requests = auditor.requests(request, iteration: iteration) else {
            // Without its key the trace is not complete.
            unnamed += 1
            noted[slot].removeAll(keepingCapacity: true)
            return
        }
        noted[slot].removeAll(keepingCapacity: true)
        for request in requests {
            let key = request.key.map { name($0, in: .keys) } ?? address(connection, user)
            noted[slot].append(Noted(key: key, request: request))
        }
    }

    /// Records a response.
    /// - Parameter classes: the bits of the response's classes.
    @inline(__always)
    mutating func record(
        _ response: RememberedJudge.Response, slot: Int, at received: Nanoseconds, classes: UInt64, user: VirtualUser
    ) {
        let connection = response.connection
        let index = Int(connection.pointee.step)
        guard steps[index].isRecorded else { return }
        guard !notesRequest(step: index) else {
            recordAudited(response, slot: slot, at: received, user: user)
            return
        }
        let status = Int(connection.pointee.parser.status)
        guard status < Self.statuses else { return }
        let code = outcomes[index * Self.statuses + status]
        guard code != Self.ignored, let outcome = TraceRecord.Outcome(rawValue: code) else { return }
        let lowest = classes.trailingZeroBitCount
        append(
            TraceRecord(
                sent: connection.pointee.firstSentAt, received: received, key: address(connection, user),
                user: self.user(connection, user), step: steps[index].number,
                responseClass: lowest < classCount ? UInt8(truncatingIfNeeded: lowest) : .max, outcome: outcome,
                isRetried: connection.pointee.wasRetried))
    }

    /// Records a request that was sent, at least in part, and has no response.
    mutating func recordUnknown(_ connection: UnsafePointer<Connection>, slot: Int, user: VirtualUser) {
        let index = Int(connection.pointee.step)
        guard index >= 0, steps[index].isRecorded else { return }
        guard !notesRequest(step: index) else {
            record(noted[slot], response: nil, connection, at: .max, user: user)
            return
        }
        append(
            TraceRecord(
                sent: connection.pointee.firstSentAt, received: .max, key: address(connection, user),
                user: self.user(connection, user), step: steps[index].number, outcome: .unknown,
                isRetried: connection.pointee.wasRetried))
    }

    // MARK: Steps with an auditor

    @inline(never)
    private mutating func recordAudited(
        _ response: RememberedJudge.Response, slot: Int, at received: Nanoseconds, user: VirtualUser
    ) {
        guard let auditor = steps[response.step].auditor else { return }
        let whole = ReceivedResponse(
            response.connection.pointee.parser, bytes: response.bytes.bytes, length: response.length,
            serviceTime: response.serviceTime)
        record(
            noted[slot], response: auditor.response(whole), response.connection, at: received, user: user)
    }

    /// Records what a response shows of each thing that its request was about.
    /// - Parameter response: nil if none arrived.
    private mutating func record(
        _ requests: [Noted], response: Response?, _ connection: UnsafePointer<Connection>, at received: Nanoseconds,
        user: VirtualUser
    ) {
        for noted in requests {
            guard let observed = noted.request.observed(response) else { continue }
            let record = TraceRecord(
                sent: connection.pointee.firstSentAt, received: received, key: noted.key,
                value: observed.value.map { name($0, in: .values) } ?? TraceRecord.noValue,
                user: self.user(connection, user), step: steps[Int(connection.pointee.step)].number,
                responseClass: observed.className.map { UInt8(truncatingIfNeeded: name($0, in: .classes)) }
                    ?? TraceRecord.noClass,
                outcome: observed.outcome, operation: observed.operation, isRetried: connection.pointee.wasRetried)
            if observed.fields.isEmpty {
                append(record)
            } else {
                append(
                    RateLimitPromise(
                        record, retryAfter: observed.fields.retryAfter, remaining: observed.fields.remaining))
            }
        }
    }

    // MARK: Buffers

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

    private mutating func append(_ promise: RateLimitPromise) {
        if recorder.isFull { handOver(for: drain.takeEmpty(source: source)) }
        recorder.append(promise)
    }

    /// - Parameter empty: the buffer to fill next; nil if there is none, and records are lost.
    @inline(never)
    private mutating func handOver(for empty: TraceBuffer?) {
        guard var buffer = empty else { return }
        recorder.swapBuffer(with: &buffer)
        drain.add(buffer)
    }

    // MARK: Names

    @inline(__always)
    private mutating func user(_ connection: UnsafePointer<Connection>, _ user: VirtualUser) -> UInt32 {
        let index = Int(connection.pointee.user)
        if users[index] == Self.none { users[index] = name("\(user.number)", in: .users) }
        return users[index]
    }

    @inline(__always)
    private mutating func address(_ connection: UnsafePointer<Connection>, _ user: VirtualUser) -> UInt32 {
        let index = Int(connection.pointee.user)
        if addresses[index] == Self.none {
            addresses[index] = name(sources.address(user: user.number)?.host ?? localHost, in: .keys)
        }
        return addresses[index]
    }

    /// The number of a name. A name that does not fit makes the trace incomplete.
    @inline(never)
    private mutating func name(_ name: String, in table: TraceTable) -> UInt32 {
        if let number = recorder.number(of: name, in: table) { return number }
        unnamed += 1
        return 0
    }
}
