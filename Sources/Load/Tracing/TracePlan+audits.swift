import Scenario
import Trace

extension TracePlan {
    /// What the audit of a rate limit needs.
    /// - Parameter steps: the ids of the load's steps.
    init(_ settings: RateLimitSettings, steps: [String], scope: RunScope) {
        self.init(
            steps: steps.map { id in
                guard settings.steps.contains(id) else { return nil }
                var step = Step { settings.outcome(of: $0) }
                step.hasKey = settings.key != nil
                return step
            }, subjects: AuditSubjects(key: settings.key, scope: scope))
    }

    /// What the audit of fresh reads needs.
    init(_ settings: FreshnessSettings, steps: [String], scope: RunScope) {
        var subjects = AuditSubjects(key: settings.key, scope: scope)
        var recorded: [Step?] = []
        for (index, id) in steps.enumerated() {
            var step: Step?
            if let write = settings.writes.first(where: { $0.step == id }) {
                subjects.values[index] = AuditSubjects.Value(write.value)
                step = Step(outcome: Self.effect)
                step?.operation = .write
                step?.value = subjects.values[index]?.isInResponse == true ? .response : .request
            } else if settings.deletes.contains(id) {
                step = Step(outcome: Self.effect)
                step?.operation = .delete
            } else if let read = settings.reads.first(where: { $0.step == id }) {
                subjects.values[index] = .response(read.path)
                step = Step { (200..<300).contains($0) || $0 == 404 || $0 == 410 ? .admitted : nil }
                step?.operation = .read
                step?.value = .response
                step?.recordsUnknown = false
            }
            step?.hasKey = true
            recorded.append(step)
        }
        self.init(steps: recorded, subjects: subjects)
    }

    /// Whether a write took effect: admitted if the status says so, unknown if it may have. Nil if it was refused.
    private static func effect(_ status: Int) -> TraceRecord.Outcome? {
        switch status {
        case 200..<300: .admitted
        case 400..<500: nil
        default: .unknown
        }
    }
}

/// Finds the keys and values that a scenario's audit names.
private struct AuditSubjects: TraceSubjects {
    enum Value {
        case template(Template)
        case request(JSONPath)
        case response(JSONPath)

        init(_ written: FreshnessSettings.WrittenValue) {
            self =
                switch written {
                case .template(let template): .template(template)
                case .request(let path): .request(path)
                case .response(let path): .response(path)
                }
        }

        var isInResponse: Bool { if case .response = self { true } else { false } }
    }

    /// Nil if all requests have the same key.
    let key: Template?
    let scope: RunScope
    /// By step.
    var values: [Int: Value] = [:]

    init(key: Template?, scope: RunScope) {
        self.key = key
        self.scope = scope
    }

    func key(step: Int, iteration: UserIteration) -> String? {
        guard let key else { return "" }
        return try? key.text(scope.sideScope(for: iteration))
    }

    func value(ofRequest request: UnsafeRawBufferPointer, step: Int, iteration: UserIteration) -> String? {
        switch values[step] {
        case .template(let template): try? template.text(scope.sideScope(for: iteration))
        case .request(let path): Self.body(of: request).flatMap { Self.text(at: path, in: $0) }
        case .response, nil: nil
        }
    }

    func value(of response: borrowing ReceivedResponse, step: Int) -> String? {
        guard case .response(let path) = values[step], (200..<300).contains(response.status) else { return nil }
        return Self.text(at: path, in: response.body())
    }

    private static func text(at path: JSONPath, in body: [UInt8]) -> String? {
        guard let document = try? JSONDocument(parsing: body) else { return nil }
        return path.first(in: document.root).map(\.value.templateText)
    }

    /// What follows the empty line.
    private static func body(of request: UnsafeRawBufferPointer) -> [UInt8]? {
        let end: [UInt8] = Array("\r\n\r\n".utf8)
        guard request.count >= end.count else { return nil }
        for index in 0...request.count - end.count where request[index..<index + end.count].elementsEqual(end) {
            return Array(request[(index + end.count)...])
        }
        return nil
    }
}
