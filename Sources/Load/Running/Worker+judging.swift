/// Judging a response: from memory, or by evaluating its checks.
extension Worker where Transport: ~Copyable {
    /// The number of the counter that the response increments.
    /// - Parameter head: the entry of its head in the memo, if it is there.
    @inline(__always)
    mutating func counter(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, length: Int, head: Int?, serviceTime: Nanoseconds
    ) -> Int32 {
        let step = Int(connections[slot].step)
        guard table.steps[step].isMemoisable, let headers = relevantHeaders(slot, bytes, head: head, step: step) else {
            if let counter = judgeInPlace(slot, bytes, length: length, serviceTime, step: step) { return counter }
            return judge(slot, bytes, length: length, serviceTime, step: step)
        }
        let key = VerdictMemo.Key(
            step: step, status: connections[slot].parser.statusAndVersion,
            headers: headers,
            body: UnsafeRawBufferPointer(rebasing: bytes[connections[slot].parser.bodyStart..<length]))
        if let entry = memo.entry(for: key) {
            if table.steps[step].captures { variables[Int(connections[slot].user)].merge(memo.captures(entry)) }
            return memo.value(entry)
        }
        if let counter = judgeInPlace(slot, bytes, length: length, serviceTime, step: step) {
            let (captures, values) = (table.compiledChecks[Int(table.steps[step].compiledChecks)].captures, taken)
            memo.remember(counter, for: key, captures: .init(captures, values))
            return counter
        }
        var captured: UserVariables.Values = [:]
        let counter = judge(slot, bytes, length: length, serviceTime, step: step, captured: &captured)
        memo.remember(counter, for: key, captures: captured)
        return counter
    }

    /// Judges by the step's compiled checks.
    /// - Returns: nil if they cannot tell, or if an assertion fails for the first time, so that it has to be explained.
    private mutating func judgeInPlace(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, length: Int, _ serviceTime: Nanoseconds, step: Int
    ) -> Int32? {
        let checks = Int(table.steps[step].compiledChecks)
        guard checks >= 0 else { return nil }
        let parser = connections[slot].parser
        let response = ResponseBytes(parser, bytes, length: length, serviceTime: serviceTime)
        let user = Int(connections[slot].user)
        let verdict = table.compiledChecks[checks].verdict(
            on: response, values: variables.isEmpty ? [:] : variables[user].values, found: &found, captured: &taken)
        guard let verdict, !hasUnexplained(verdict.failures, step: step) else { return nil }
        for (index, capture) in table.compiledChecks[checks].captures.enumerated() {
            if let value = taken[index] { variables[user].set(capture.name, to: value) }
        }
        now = clock.now()
        return recorder.counter(ResponseKey(step: step, status: parser.status, verdict: verdict))
    }

    private func hasUnexplained(_ failures: UInt64, step: Int) -> Bool {
        var failures = failures
        while failures != 0 {
            if recorder.examples[AssertionKey(step: step, assertion: failures.trailingZeroBitCount)] == nil {
                return true
            }
            failures &= failures - 1
        }
        return false
    }

    private mutating func judge(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, length: Int, _ serviceTime: Nanoseconds, step: Int
    ) -> Int32 {
        var captured: UserVariables.Values = [:]
        return judge(slot, bytes, length: length, serviceTime, step: step, captured: &captured)
    }

    /// The header lines that the step's verdicts depend on; nil if they do not fit in the scratch buffer.
    /// - Parameter head: the entry of the head in the memo.
    @inline(__always)
    private func relevantHeaders(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, head: Int?, step: Int
    ) -> UnsafeRawBufferPointer? {
        if let head { return heads.relevant(head) }
        let names = UnsafeRawBufferPointer(table.steps[step].interest)
        guard !names.isEmpty else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let range = connections[slot].parser.headStart..<connections[slot].parser.bodyStart
        var count = 0
        let fits = HeaderInterest.collect(
            names.bytes, from: UnsafeRawBufferPointer(rebasing: bytes[range]).bytes, into: headerScratch, count: &count)
        return fits ? UnsafeRawBufferPointer(rebasing: headerScratch[..<count]) : nil
    }

    /// Evaluates every check of the step.
    private mutating func judge(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, length: Int, _ serviceTime: Nanoseconds, step: Int,
        captured: inout UserVariables.Values
    ) -> Int32 {
        let parser = connections[slot].parser
        let response = ReceivedResponse(parser, bytes: bytes.bytes, length: length, serviceTime: serviceTime)
        let user = Int(connections[slot].user)
        let iteration = iteration(user)
        let verdict = plan.judge.judge(response, step: step, iteration: iteration, captured: &captured)
        if !captured.isEmpty { variables[user].merge(captured) }
        var failures = verdict.failures
        while failures != 0 {
            let assertion = failures.trailingZeroBitCount
            failures &= failures - 1
            let key = AssertionKey(step: step, assertion: assertion)
            guard recorder.examples[key] == nil else { continue }
            recorder.exemplify(
                key, plan.judge.explain(response, step: step, iteration: iteration, assertion: assertion))
        }
        // Judging takes longer than a lookup, so the next request is sent noticeably after this response arrived.
        now = clock.now()
        return recorder.counter(ResponseKey(step: step, status: parser.status, verdict: verdict))
    }
}
