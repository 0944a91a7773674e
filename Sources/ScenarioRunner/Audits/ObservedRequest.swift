import Scenario
import Trace

/// What an audit learns from the response to a request.
struct ObservedRequest {
    var outcome: TraceRecord.Outcome
    var operation = TraceRecord.Operation.none
    /// The value read or written; nil for a write if it is not known.
    var value: String?
}

extension AuditedRequest {
    /// - Parameter response: nil if none arrived.
    /// - Returns: nil if the request says nothing about the server's promise.
    func observed(_ response: Response?) -> ObservedRequest? {
        switch action {
        case .limited(let settings):
            guard let response else { return ObservedRequest(outcome: .unknown) }
            return settings.outcome(of: response.status).map { ObservedRequest(outcome: $0) }
        case .write(let value):
            guard let outcome = Self.effect(of: response) else { return nil }
            let text =
                switch value {
                case .text(let text): text as String?
                case .response(let path): response?.body.text(at: path)
                case .unknown: nil as String?
                }
            return ObservedRequest(outcome: outcome, operation: .write, value: text)
        case .delete: return Self.effect(of: response).map { ObservedRequest(outcome: $0, operation: .delete) }
        case .read(let path):
            guard let response else { return nil }
            switch response.status {
            case 200...299:
                return ObservedRequest(outcome: .admitted, operation: .read, value: response.body.text(at: path))
            case 404, 410: return ObservedRequest(outcome: .admitted, operation: .read)
            default: return nil
            }
        }
    }

    /// Whether a write took effect: admitted if the response says so, unknown if it may have. Nil if it was refused.
    private static func effect(of response: Response?) -> TraceRecord.Outcome? {
        switch response?.status {
        case (200...299)?: .admitted
        case (400...499)?: nil
        default: .unknown
        }
    }
}
