import Audit
import Scenario
import Trace

/// What an audit records of a request: the part that is known when the request is sent.
struct AuditedRequest {
    /// The audit's place in the plan.
    var audit: Int
    /// The key; nil for the client's address.
    var key: String?
    var action: Action

    enum Action {
        /// Subject to a rate limit.
        case limited(RateLimitSettings)
        case write(Value)
        case delete
        case read(JSONPath)
    }

    enum Value {
        case text(String)
        /// At this path in the response.
        case response(JSONPath)
        case unknown
    }
}

extension RequestedAudits {
    /// What the audits record of a step's request, in the scope that it was rendered in.
    func requests(of step: String, _ request: Request, in scope: Scope) throws(TemplateError) -> [AuditedRequest] {
        var result: [AuditedRequest] = []
        for (index, limit) in rateLimits.enumerated() where limit.settings.steps.contains(step) {
            let key = try limit.settings.key?.text(scope)
            result.append(AuditedRequest(audit: index, key: key, action: .limited(limit.settings)))
        }
        for (index, settings) in freshness.enumerated() where settings.steps.contains(step) {
            let audit = rateLimits.count + index
            let key = try settings.key?.text(scope) ?? "the object"
            for write in settings.writes where write.step == step {
                let value: AuditedRequest.Value
                switch write.value {
                case .template(let template): value = .text(try template.text(scope))
                case .request(let path): value = request.body?.text(at: path).map { .text($0) } ?? .unknown
                case .response(let path): value = .response(path)
                }
                result.append(AuditedRequest(audit: audit, key: key, action: .write(value)))
            }
            if settings.deletes.contains(step) {
                result.append(AuditedRequest(audit: audit, key: key, action: .delete))
            }
            for read in settings.reads where read.step == step {
                result.append(AuditedRequest(audit: audit, key: key, action: .read(read.path)))
            }
        }
        return result
    }
}

extension [UInt8] {
    /// The first value at a path in a JSON body, as text; nil if there is none.
    func text(at path: JSONPath) -> String? {
        guard let document = try? JSONDocument(parsing: self) else { return nil }
        return path.first(in: document.root).map(\.value.templateText)
    }
}
