/// Traces as CSV (RFC 4180), which any tool can read and write.
///
/// The first line names the columns, in any order. Only `sent_ns`, `received_ns` and `outcome` are required; unknown
/// columns are ignored.
package enum TraceCSV {
    enum Column: String, CaseIterable {
        case step, key
        case sent = "sent_ns"
        case received = "received_ns"
        case outcome, operation, value, user
        case responseClass = "class"
        case retryAfter = "retry_after"
        case remaining, retried

        static let required: [Column] = [.sent, .received, .outcome]
    }

    static func name(of outcome: TraceRecord.Outcome) -> StaticString {
        switch outcome {
        case .admitted: "admitted"
        case .denied: "denied"
        case .other: "other"
        case .unknown: "unknown"
        }
    }

    static func name(of operation: TraceRecord.Operation) -> StaticString {
        switch operation {
        case .none: ""
        case .read: "read"
        case .write: "write"
        case .delete: "delete"
        }
    }
}
