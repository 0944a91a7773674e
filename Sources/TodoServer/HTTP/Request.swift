import NIOCore
import NIOHTTP1

/// The parts of a request that handlers need.
package struct Request: Sendable {
    package enum Body: Sendable {
        case complete(ByteBuffer)
        /// Longer than `Limits.body`. The bytes received so far were discarded.
        case tooLarge
    }

    package var method: HTTPMethod
    /// The path of the request target, without the query.
    package var path: String
    private var keptFields: CopyOnWrite<RequestFields>
    package var body: Body
    package var client: ClientAddress
    package var id = RequestID.made(0)
    /// Nil for a request that did not arrive on a connection.
    package var presence: ClientPresence?
    /// The value of the matched route's variable segment, such as a todo id.
    package var parameter: String?

    package init(
        method: HTTPMethod, path: String, fields: CopyOnWrite<RequestFields>, body: Body, client: ClientAddress
    ) {
        self.method = method
        self.path = path
        self.keptFields = fields
        self.body = body
        self.client = client
    }

    package var fields: RequestFields {
        get { keptFields.value }
        set { keptFields.value = newValue }
    }

    /// The bytes of the body.
    package func bytes() throws(HTTPError) -> ByteBuffer {
        guard case .complete(let bytes) = body else { throw .contentTooLarge }
        return bytes
    }
}
