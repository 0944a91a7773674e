import Scenario

/// Judges the responses of one thread: from memory, or by evaluating their checks.
struct RememberedJudge: ~Copyable {
    /// A complete response in a receive buffer.
    struct Response {
        /// The connection that received it. Its parser knows the response's parts.
        var connection: UnsafePointer<Connection>
        /// Starting at the response's first byte.
        var bytes: UnsafeRawBufferPointer
        var length: Int
        /// The entry of its head in the memory; nil if it is not there.
        var head: Int?
        var serviceTime: Nanoseconds

        var step: Int { Int(connection.pointee.step) }
        /// The user's number in this thread.
        var user: Int { Int(connection.pointee.user) }
    }

    private let judge: any ResponseJudge
    private var verdicts: VerdictMemo
    private var heads = HeadMemo()
    /// Header lines that a verdict depends on.
    private let headerScratch: UnsafeMutableRawBufferPointer
    /// What compiled checks found in the latest response, and the values that its captures have taken.
    private var found: [JSONExtract] = []
    private var taken: [JSON?] = []

    /// - Parameter capacity: how many verdicts are remembered, a power of two.
    init(_ judge: any ResponseJudge, steps: Int, capacity: Int) {
        self.judge = judge
        verdicts = VerdictMemo(steps: steps, capacity: capacity)
        headerScratch = .allocate(byteCount: 4096, alignment: 8)
    }

    deinit { headerScratch.deallocate() }

    /// Recognises a head, or parses it.
    /// - Parameters:
    ///   - bytes: what has been received of the response.
    ///   - interest: ``HeaderInterest/names`` of the step.
    /// - Returns: the head's entry in the memory, if the response begins with these bytes and the head is stored.
    @inline(__always)
    mutating func readHead(
        _ parser: inout ResponseParser, step: Int, in bytes: UnsafeRawBufferPointer,
        interest: UnsafeMutableRawBufferPointer
    ) throws(ResponseError) -> Int? {
        guard parser.isFresh else { return nil }
        if let known = heads.find(step: step, in: bytes) {
            parser = heads.parser(known)
            return known
        }
        try parser.advanceHead(over: bytes.bytes)
        guard parser.hasHead else { return nil }
        return heads.remember(step: step, parser: parser, in: bytes, interest: UnsafeRawBufferPointer(interest))
    }

    /// The number of the counter that the response increments.
    /// - Parameters:
    ///   - user: the virtual user. What the response captures is stored in its data.
    ///   - wasEvaluated: set if the checks were evaluated, which takes noticeable time.
    @inline(__always)
    mutating func counter(
        of response: Response, in table: borrowing StepTable, user: VirtualUser, data: inout UserData,
        recorder: inout Recorder, wasEvaluated: inout Bool
    ) -> Int32 {
        let step = table.steps + response.step
        guard step.pointee.isMemoisable, let headers = relevantHeaders(response, step) else {
            wasEvaluated = true
            if let counter = judgeInPlace(response, table, &data, &recorder) { return counter }
            var captured: UserVariables.Values = [:]
            return evaluate(response, user, &captured, &data, &recorder)
        }
        let start = response.connection.pointee.parser.bodyStart
        let key = VerdictMemo.Key(
            step: response.step, status: response.connection.pointee.parser.statusAndVersion, headers: headers,
            body: UnsafeRawBufferPointer(rebasing: response.bytes[start..<response.length]))
        if let entry = verdicts.entry(for: key) {
            if step.pointee.captures { data.merge(verdicts.captures(entry), into: response.user) }
            return verdicts.value(entry)
        }
        wasEvaluated = true
        if let counter = judgeInPlace(response, table, &data, &recorder) {
            let captures = table.compiledChecks[Int(step.pointee.compiledChecks)].captures
            verdicts.remember(counter, for: key, captures: .init(captures, taken))
            return counter
        }
        var captured: UserVariables.Values = [:]
        let counter = evaluate(response, user, &captured, &data, &recorder)
        verdicts.remember(counter, for: key, captures: captured)
        return counter
    }

    /// Judges by the step's compiled checks.
    /// - Returns: nil if they cannot tell, or if an assertion fails for the first time, so that it has to be explained.
    private mutating func judgeInPlace(
        _ response: Response, _ table: borrowing StepTable, _ data: inout UserData, _ recorder: inout Recorder
    ) -> Int32? {
        let step = response.step
        let checks = Int(table.steps[step].compiledChecks)
        guard checks >= 0 else { return nil }
        let parser = response.connection.pointee.parser
        let bytes = ResponseBytes(
            parser, response.bytes, length: response.length, serviceTime: response.serviceTime)
        let verdict = table.compiledChecks[checks].verdict(
            on: bytes, values: data.values(of: response.user), found: &found, captured: &taken)
        guard let verdict, !Self.hasUnexplained(verdict.failures, step: step, recorder) else { return nil }
        for (index, capture) in table.compiledChecks[checks].captures.enumerated() {
            if let value = taken[index] { data.set(capture.name, to: value, for: response.user) }
        }
        return recorder.counter(ResponseKey(step: step, status: parser.status, verdict: verdict))
    }

    private static func hasUnexplained(_ failures: UInt64, step: Int, _ recorder: borrowing Recorder) -> Bool {
        var failures = failures
        while failures != 0 {
            if recorder.examples[AssertionKey(step: step, assertion: failures.trailingZeroBitCount)] == nil {
                return true
            }
            failures &= failures - 1
        }
        return false
    }

    /// The header lines that the step's verdicts depend on; nil if they do not fit in the scratch buffer.
    @inline(__always)
    private func relevantHeaders(
        _ response: Response, _ step: UnsafePointer<StepTable.Step>
    ) -> UnsafeRawBufferPointer? {
        if let head = response.head { return heads.relevant(head) }
        let names = UnsafeRawBufferPointer(step.pointee.interest)
        guard !names.isEmpty else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let parser = response.connection.pointee.parser
        let head = UnsafeRawBufferPointer(rebasing: response.bytes[parser.headStart..<parser.bodyStart])
        var count = 0
        let fits = HeaderInterest.collect(names.bytes, from: head.bytes, into: headerScratch, count: &count)
        return fits ? UnsafeRawBufferPointer(rebasing: headerScratch[..<count]) : nil
    }

    /// Evaluates every check of the step.
    @inline(never)
    private func evaluate(
        _ response: Response, _ user: VirtualUser, _ captured: inout UserVariables.Values, _ data: inout UserData,
        _ recorder: inout Recorder
    ) -> Int32 {
        let (parser, step) = (response.connection.pointee.parser, response.step)
        let received = ReceivedResponse(
            parser, bytes: response.bytes.bytes, length: response.length, serviceTime: response.serviceTime)
        let iteration = data.iteration(response.user, user)
        let verdict = judge.judge(received, step: step, iteration: iteration, captured: &captured)
        if !captured.isEmpty { data.merge(captured, into: response.user) }
        var failures = verdict.failures
        while failures != 0 {
            let assertion = failures.trailingZeroBitCount
            failures &= failures - 1
            let key = AssertionKey(step: step, assertion: assertion)
            guard recorder.examples[key] == nil else { continue }
            recorder.exemplify(key, judge.explain(received, step: step, iteration: iteration, assertion: assertion))
        }
        return recorder.counter(ResponseKey(step: step, status: parser.status, verdict: verdict))
    }
}
