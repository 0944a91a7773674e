import NIOCore
import NIOHTTP1

/// A handler's response. The connection adds the framing, `Date` and `Connection`.
package struct Response: Sendable {
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    /// Optional bytes between two constants, so that a cached list is sent without a copy.
    package struct Body: Sendable {
        package var prefix: StaticString = ""
        package var bytes: ByteBuffer?
        package var suffix: StaticString = ""

        package var count: Int {
            prefix.utf8CodeUnitCount + (bytes?.readableBytes ?? 0) + suffix.utf8CodeUnitCount
        }
    }

    package var status: HTTPResponseStatus
    package var headers: [Header]
    package var body: Body
    /// The server-side error behind this response. Logged, never sent.
    package var cause: (any Error)?

    package init(status: HTTPResponseStatus, headers: [Header] = [], body: Body = Body()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response with a constant JSON body.
    package init(status: HTTPResponseStatus = .ok, json: StaticString, headers: [Header] = []) {
        self.init(status: status, headers: [.json] + headers, body: Body(prefix: json))
    }

    /// A response whose JSON body is written by a closure.
    package init(status: HTTPResponseStatus = .ok, headers: [Header] = [], json: (inout ByteBuffer) -> Void) {
        var bytes = ByteBuffer()
        json(&bytes)
        self.init(status: status, headers: [.json] + headers, body: Body(bytes: bytes))
    }
}

extension Response.Header {
    package init(_ name: String, _ value: String) {
        self.init(name: name, value: value)
    }

    package static let json = Self("Content-Type", "application/json")
}
