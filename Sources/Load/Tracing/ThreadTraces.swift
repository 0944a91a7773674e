/// The recordings of one thread, one for each trace of the run.
struct ThreadTraces: ~Copyable {
    private let traces: UnsafeMutablePointer<ThreadTrace>
    private let count: Int
    /// Whether anything is noted of requests before they are sent.
    private let notesRequests: Bool

    /// - Parameters:
    ///   - runs: the traces, each with where its buffers go.
    ///   - users: the number of users that may exist in this thread.
    ///   - source: the thread's number.
    init(
        _ runs: [(plan: TracePlan, drain: TraceDrain)], of plan: LoadPlan, sources: SourceAddresses, users: Int,
        source: Int
    ) {
        count = runs.count
        traces = .allocate(capacity: max(count, 1))
        for (index, run) in runs.enumerated() {
            (traces + index).initialize(
                to: ThreadTrace(
                    run.plan, of: plan, sources: sources, users: users, source: source, drain: run.drain))
        }
        notesRequests = runs.contains { run in
            run.plan.steps.contains { if case .audited = $0 { true } else { false } }
        }
    }

    deinit {
        traces.deinitialize(count: count)
        traces.deallocate()
    }

    @inline(__always)
    var isEmpty: Bool { count == 0 }

    /// Whether some trace notes what a request of the step is about before it is sent.
    @inline(__always)
    func notesRequest(step: Int) -> Bool {
        notesRequests && (0..<count).contains { traces[$0].notesRequest(step: step) }
    }

    func noteRequest(
        _ request: UnsafeRawBufferPointer, _ connection: UnsafePointer<Connection>, slot: Int, user: VirtualUser,
        iteration: UserIteration
    ) {
        for index in 0..<count {
            traces[index].noteRequest(request, connection, slot: slot, user: user, iteration: iteration)
        }
    }

    @inline(__always)
    func record(
        _ response: RememberedJudge.Response, slot: Int, at received: Nanoseconds, classes: UInt64, user: VirtualUser
    ) {
        for index in 0..<count {
            traces[index].record(response, slot: slot, at: received, classes: classes, user: user)
        }
    }

    func recordUnknown(_ connection: UnsafePointer<Connection>, slot: Int, user: VirtualUser) {
        for index in 0..<count { traces[index].recordUnknown(connection, slot: slot, user: user) }
    }

    func end() {
        for index in 0..<count { traces[index].end() }
    }
}
