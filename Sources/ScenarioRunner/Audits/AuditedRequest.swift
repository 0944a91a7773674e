import Audit
import Scenario
import Trace

/// What an audit records of a request: the part that is known when the request is sent.
package struct AuditedRequest: Sendable {
    /// The key; nil for the client's address.
    package var key: String?
    package var action: Action

    package init(key: String? = nil, _ action: Action) {
        self.key = key
        self.action = action
    }

    package enum Action: Sendable {
        /// Subject to a rate limit.
        case limited(RateLimitSettings)
        case write(Value, FreshnessPromise.Shape)
        /// Deletes an object, or a value from a set.
        case delete(Value?, FreshnessPromise.Shape)
        /// Shows an object: its value, or all values of a set.
        case read(JSONPath, FreshnessPromise.Shape)
        /// Shows a cached value. The scope is the one in which the response is classified.
        case cachedRead(miss: Expectation, Scope)
    }

    package enum Value: Sendable {
        case text(String)
        /// At this path in the response.
        case response(JSONPath)
        case unknown
    }
}

extension RequestedAudit {
    /// What the audit records of a step's request.
    ///
    /// - Parameters:
    ///   - body: called if it is needed.
    ///   - scope: the one that the request was rendered in.
    package func requests(
        of step: String, body: () -> [UInt8]?, in scope: Scope
    ) throws(TemplateError) -> [AuditedRequest] {
        let (key, actions) = try subject.actions(of: step, body, in: scope)
        return actions.map { AuditedRequest(key: key, $0) }
    }
}

extension RequestedAudit.Subject {
    /// - Returns: the key, and what the request does; nothing if the audit is not about the step.
    fileprivate func actions(
        of step: String, _ body: () -> [UInt8]?, in scope: Scope
    ) throws(TemplateError) -> (key: String?, [AuditedRequest.Action]) {
        switch self {
        case .rateLimit(let settings):
            guard settings.steps.contains(step) else { return (nil, []) }
            return (try settings.key?.text(scope), [.limited(settings)])
        case .freshness(let settings):
            guard settings.steps.contains(step) else { return (nil, []) }
            var actions: [AuditedRequest.Action] = []
            for write in settings.writes where write.step == step {
                actions.append(.write(try write.value?.value(in: body, scope) ?? .unknown, settings.shape))
            }
            for delete in settings.deletes where delete.step == step {
                actions.append(.delete(try delete.value?.value(in: body, scope), settings.shape))
            }
            actions += settings.reads.filter { $0.step == step }.map { .read($0.path, settings.shape) }
            return (try settings.key?.text(scope) ?? "the object", actions)
        case .stampede(let settings):
            guard settings.steps.contains(step) else { return (nil, []) }
            let action: AuditedRequest.Action =
                settings.reads.contains(step) ? .cachedRead(miss: settings.miss, scope) : .delete(nil, .latest)
            return (try settings.key?.text(scope) ?? "the object", [action])
        }
    }
}

extension FreshnessSettings.WrittenValue {
    fileprivate func value(in body: () -> [UInt8]?, _ scope: Scope) throws(TemplateError) -> AuditedRequest.Value {
        switch self {
        case .template(let template): .text(try template.text(scope))
        case .request(let path): body()?.text(at: path).map { .text($0) } ?? .unknown
        case .response(let path): .response(path)
        }
    }
}
