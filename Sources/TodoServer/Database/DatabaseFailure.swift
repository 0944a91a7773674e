/// Why a database call has no result.
package enum DatabaseFailure: ResponseError, CustomStringConvertible {
    /// The call did not begin in time. Nothing was done.
    case waitedTooLong
    /// The server is shutting down. Nothing was done.
    case stopping
    /// A read timed out or lost its connection. Nothing was changed.
    case readFailed(String)
    /// A write timed out, or its acknowledgement was lost. It may have taken effect, or may yet do so.
    case outcomeUnknown(String)

    package var description: String {
        switch self {
        case .waitedTooLong: "the database did not start the request in time"
        case .stopping: "the server is shutting down"
        case .readFailed(let reason): "the database did not return a result: \(reason)"
        case .outcomeUnknown(let reason): "the database did not confirm a write: \(reason)"
        }
    }

    package var response: Response {
        switch self {
        case .waitedTooLong, .stopping, .readFailed: Response(.overloaded(retryAfterSeconds: 1), cause: self)
        case .outcomeUnknown: Response(.outcomeUnknown, cause: self)
        }
    }
}
