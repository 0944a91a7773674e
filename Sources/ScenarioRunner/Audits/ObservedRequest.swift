import Audit
import Scenario
import Trace

/// What an audit learns from the response to a request.
package struct ObservedRequest: Sendable {
    package var outcome: TraceRecord.Outcome
    package var operation = TraceRecord.Operation.none
    /// The value read or written; nil for a write if it is not known.
    package var value: String?
    /// The class of the response.
    package var className: String?
    /// What the response says about the limit.
    package var fields = RateLimitFields()
}

extension AuditedRequest {
    /// - Parameter response: nil if none arrived.
    /// - Returns: nil if the request says nothing about the server's promise.
    package func observed(_ response: Response?) -> ObservedRequest? {
        switch action {
        case .limited(let settings):
            guard let response else { return ObservedRequest(outcome: .unknown) }
            guard let outcome = settings.outcome(of: response.status) else { return nil }
            var observed = ObservedRequest(outcome: outcome)
            if settings.checksPromises { observed.fields = RateLimitFields(response.headers) }
            return observed
        case .write(let value, let shape): return change(.write, value, shape, response)
        case .delete(let value, let shape): return change(.delete, value, shape, response)
        case .read(let path, let shape): return response.flatMap { shown(in: $0, at: path, shape) }
        case .cachedRead(let miss, let scope):
            guard let response, (200...299).contains(response.status) else { return nil }
            var examined = ExaminedResponse(response)
            guard let isMiss = try? miss.holds(for: &examined, in: scope) else { return nil }
            return ObservedRequest(outcome: .admitted, operation: .read, className: isMiss ? "miss" : "hit")
        }
    }

    /// A write or deletion: admitted if the response says that it took effect, unknown if it may have.
    ///
    /// - Parameter value: nil for the deletion of an object.
    /// - Returns: nil if it was refused.
    private func change(
        _ operation: TraceRecord.Operation, _ value: Value?, _ shape: FreshnessPromise.Shape, _ response: Response?
    ) -> ObservedRequest? {
        var observed = ObservedRequest(outcome: .unknown, operation: operation)
        switch response?.status {
        case (200...299)?: observed.outcome = .admitted
        case (400...499)?: return nil
        default: break
        }
        switch value {
        case .text(let text)?: observed.value = text
        case .response(let path)?: observed.value = response?.body.text(at: path)
        case .unknown?, nil: break
        }
        if shape == .contains { observed.value = observed.value?.element }
        return observed
    }

    private func shown(in response: Response, at path: JSONPath, _ shape: FreshnessPromise.Shape) -> ObservedRequest? {
        var observed = ObservedRequest(outcome: .admitted, operation: .read)
        switch (response.status, shape) {
        case (200...299, .latest): observed.value = response.body.text(at: path)
        case (200...299, .contains):
            guard let document = try? JSONDocument(parsing: response.body) else { return nil }
            let elements = path.nodes(in: document.root).map { $0.value.templateText.element }
            if !elements.isEmpty { observed.value = elements.joined(separator: " ") }
        case (404, _), (410, _): break
        default: return nil
        }
        return observed
    }
}

extension String {
    /// The text as an element of a list, in which spaces separate the elements.
    fileprivate var element: String {
        utf8.contains(UInt8(ascii: " ")) || utf8.contains(UInt8(ascii: "%"))
            ? replacing("%", with: "%25").replacing(" ", with: "%20") : self
    }
}

extension [UInt8] {
    /// The first value at a path in a JSON body, as text; nil if there is none.
    func text(at path: JSONPath) -> String? {
        guard let document = try? JSONDocument(parsing: self) else { return nil }
        return path.first(in: document.root).map(\.value.templateText)
    }
}
