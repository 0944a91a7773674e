/// Why a use of the database has no result of its own.
package enum DatabaseFailure: ResponseError, CustomStringConvertible {
    /// It did not begin in time. Nothing was done.
    case waitedTooLong
    /// The server stops. Nothing was done.
    case stopping
    /// A read had no result in time, or lost its connection. Reads change nothing.
    case readFailed(String)
    /// A write had no result in time, or its acknowledgement was lost. It may have taken effect, or may yet.
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
