import NIOCore
import NIOHTTP1

extension Response {
    /// An error response: `{"detail": …}`.
    package init(status: HTTPResponseStatus, detail: StaticString, headers: [Header] = []) {
        self.init(status: status, headers: headers) {
            $0.writeStaticString("{\"detail\":\"")
            $0.writeStaticString(detail)
            $0.writeStaticString("\"}")
        }
    }

    package init(_ error: HTTPError, cause: any Error) {
        self = error.response
        self.cause = cause
    }

    /// The response to any error: its own if it has one, 503 if a worker pool is full, otherwise 500 without details.
    package init(_ error: any Error) {
        switch error {
        case let error as any ResponseError: self = error.response
        case is WorkerPool.Full: self.init(.overloaded(retryAfterSeconds: 1), cause: error)
        default: self.init(.internalError, cause: error)
        }
    }
}
