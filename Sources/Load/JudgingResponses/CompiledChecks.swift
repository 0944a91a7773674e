import Scenario

/// A step's checks and the response classes, compiled to judge a response where it was received.
///
/// They parse nothing and allocate nothing, except for captured text of 16 bytes or more. They reach the verdict of
/// ``ScenarioJudge``, or none: for a body that is not JSON or is chunked, and for values that take more than a
/// comparison of bytes, such as text with escapes or numbers with fractions. Responses that repeat are remembered, so
/// this is for those whose bytes differ.
struct CompiledChecks: Sendable {
    struct Capture: Sendable {
        var name: String
        var subject: CompiledCondition.Subject
        /// The number of the assertion that there is a value.
        var assertion: Int
    }

    /// A condition of an assertion, or of a class.
    struct Check: Sendable {
        var condition: CompiledCondition
        /// The bit of the assertion that fails, or of the class that does not apply, if the condition does not hold.
        var failure: UInt64
        var nonclass: UInt64
    }

    let extractor: JSONExtractor
    let checks: [Check]
    let captures: [Capture]
    /// Header fields, in lower case.
    let headers: [String]
    /// The user's variables that values are compared with, and for each, the step's own capture of it, or -1.
    let variables: [(name: String, capture: Int)]
    let texts: [UInt8]
    let statuses: [Range<Int>]
    /// The classes of a response for which every condition holds.
    let allClasses: UInt64

    /// A copy for one thread. Threads that count references to the same memory slow each other down.
    func copy() -> CompiledChecks {
        CompiledChecks(
            extractor: extractor.copy(), checks: checks.map { $0 }, captures: captures.map { $0 },
            headers: headers.map { $0 }, variables: variables.map { $0 }, texts: texts.map { $0 },
            statuses: statuses.map { $0 }, allClasses: allClasses)
    }

    /// - Parameters:
    ///   - values: the user's variables before this response.
    ///   - found: working memory.
    ///   - captured: receives the value of each capture, or nil if there is none.
    /// - Returns: nil if the response must be judged in full.
    func verdict(
        on response: ResponseBytes, values: UserVariables.Values, found: inout [JSONExtract], captured: inout [JSON?]
    ) -> Verdict? {
        if found.count < extractor.count { found = Array(repeating: JSONExtract(), count: extractor.count) }
        if captured.count < captures.count { captured = Array(repeating: nil, count: captures.count) }
        if extractor.count > 0, response.hasJSON {
            let body = response.body.bindMemory(to: UInt8.self)
            guard !response.isChunked, extractor.find(in: body.span, &found) else { return nil }
        }
        var verdict = Verdict(classes: allClasses)
        for (index, capture) in captures.enumerated() {
            captured[index] = nil
            guard let value = value(capture.subject, of: response, found) else { return nil }
            if case .missing = value {
                verdict.failures |= 1 << UInt64(capture.assertion)
            } else {
                guard let json = value.captured else { return nil }
                captured[index] = json
            }
        }
        return judge(response, values, found, captured, &verdict) ? verdict : nil
    }

    private func judge(
        _ response: ResponseBytes, _ values: UserVariables.Values, _ found: [JSONExtract], _ captured: [JSON?],
        _ verdict: inout Verdict
    ) -> Bool {
        texts.withUnsafeBytes { texts in
            for check in checks {
                let holds: Bool?
                if case .json = check.condition.subject, !response.hasJSON {
                    // A body that is not JSON fails every condition, also "exists": false.
                    holds = false
                } else if let value = value(check.condition.subject, of: response, found) {
                    holds = check.condition.test.holds(value, texts: texts, statuses: statuses) { number in
                        let (name, capture) = variables[number]
                        return (capture >= 0 ? captured[capture] : nil) ?? values[name]
                    }
                } else {
                    holds = nil
                }
                guard let holds else { return false }
                if !holds {
                    verdict.failures |= check.failure
                    verdict.classes &= ~check.nonclass
                }
            }
            return true
        }
    }

    /// Nil if only a full evaluation can tell.
    private func value(
        _ subject: CompiledCondition.Subject, of response: ResponseBytes, _ found: [JSONExtract]
    ) -> ReceivedValue? {
        switch subject {
        case .status: return .integer(response.status)
        case .time: return .milliseconds(Double(response.serviceTime) / 1e6)
        case .json(let number):
            guard response.hasJSON, !found[number].isMissing else { return .missing }
            return .json(found[number], body: response.body)
        case .header(let number):
            switch response.head.bytes.soleField(named: headers[number]) {
            case .missing: return .missing
            case .one(let range): return .text(UnsafeRawBufferPointer(rebasing: response.head[range]))
            case .several: return nil
            }
        }
    }
}

/// A response in a receive buffer, valid for the duration of one call.
struct ResponseBytes {
    let status: Int
    let serviceTime: Nanoseconds
    /// From the final status line to the body.
    let head: UnsafeRawBufferPointer
    /// As received on the wire.
    let body: UnsafeRawBufferPointer
    let isChunked: Bool

    /// Whether the body may be JSON. An empty one certainly is not.
    var hasJSON: Bool { !body.isEmpty }

    /// - Parameters:
    ///   - bytes: the response, starting at its first byte.
    ///   - length: the length of the response as the parser reported it.
    init(_ parser: ResponseParser, _ bytes: UnsafeRawBufferPointer, length: Int, serviceTime: Nanoseconds) {
        status = Int(parser.status)
        self.serviceTime = serviceTime
        head = UnsafeRawBufferPointer(rebasing: bytes[parser.headStart..<parser.bodyStart])
        body = UnsafeRawBufferPointer(rebasing: bytes[parser.bodyStart..<length])
        isChunked = parser.framing == .chunked
    }
}

extension ReceivedValue {
    /// The value to store in a variable; nil for a container and for text that needs to be decoded.
    fileprivate var captured: JSON? {
        switch self {
        case .missing, .milliseconds, .text: return nil
        case .integer(let value): return .number(JSONNumber(value))
        case .json(let extract, let body):
            let bytes = body.bindMemory(to: UInt8.self)
            return extract.scalar(in: bytes.span)
        }
    }
}

extension UserVariables.Values {
    /// The values that compiled captures have taken.
    init(_ captures: [CompiledChecks.Capture], _ values: [JSON?]) {
        self.init()
        for (capture, value) in zip(captures, values) { self[capture.name] = value }
    }
}
