import NIOCore
import NIOHTTP1

/// Assembles requests from the parser's parts. A value: part in, action out.
struct RequestAssembler {
    enum Action {
        case wait
        /// Send `100 Continue`, which the client waits for before it sends the body.
        case invite
        case handle(Request, RequestAssembler.Persistence)
        /// The request is malformed: send the error and close the connection.
        case refuse(HTTPError)
    }

    /// What happens to the connection after the response.
    struct Persistence: Equatable {
        var isKeptAlive: Bool
        var isHTTP10: Bool
        /// Further input, such as the rest of the body, is not read.
        var leavesInput: Bool
    }

    private enum State {
        case idle
        case body(HTTPRequestHead, CopyOnWrite<RequestFields>, ByteBuffer?)
        /// The request was handled before its end arrived. Its rest is ignored.
        case skipping
    }

    /// Maximum bytes of a body. A longer one is `tooLarge`.
    let bodyLimit: Int
    let origin: ClientOrigin
    private var state = State.idle

    init(bodyLimit: Int, origin: ClientOrigin) {
        self.bodyLimit = bodyLimit
        self.origin = origin
    }

    /// Discards a request that will not be handled.
    mutating func abandon() {
        state = .skipping
    }

    mutating func receive(_ part: HTTPServerRequestPart) -> Action {
        switch (part, state) {
        case (.head(let head), _): return begin(head)
        case (.body(let bytes), .body(let head, let fields, var body)):
            // Clear the state first, so that the buffer has one owner and appending does not copy it.
            state = .skipping
            guard (body?.readableBytes ?? 0) + bytes.readableBytes <= bodyLimit else {
                return handle(head, fields, .tooLarge, leavesInput: true)
            }
            if body == nil { body = bytes } else { body?.writeImmutableBuffer(bytes) }
            state = .body(head, fields, body)
            return .wait
        case (.end, .body(let head, let fields, let body)):
            state = .idle
            return handle(head, fields, .complete(body ?? ByteBuffer()), leavesInput: false)
        case (.end, .skipping):
            state = .idle
            return .wait
        case (.body, _), (.end, .idle):
            return .wait
        }
    }

    private mutating func begin(_ head: HTTPRequestHead) -> Action {
        state = .skipping
        let fields = RequestFields(head.headers)
        guard head.version.major == 1 else { return .refuse(.badRequest("Unsupported HTTP version")) }
        guard fields.hostCount == 1 || (fields.hostCount == 0 && head.version == .http1_0) else {
            return .refuse(.badRequest("Exactly one Host field is required"))
        }
        guard !fields.hasInvalidHost else { return .refuse(.badRequest("The Host field is not a valid host")) }
        if let error = Self.fault(in: fields, of: head.version) { return .refuse(error) }
        if let length = fields.contentLength, length > bodyLimit {
            return handle(head, CopyOnWrite(fields), .tooLarge, leavesInput: true)
        }
        state = .body(head, CopyOnWrite(fields), nil)
        return fields.expectsContinue && head.version != .http1_0 ? .invite : .wait
    }

    /// Checks the fields that frame the body (RFC 9112 sections 6.1 and 6.3).
    ///
    /// Ambiguous framing allows requests to be smuggled past a proxy.
    private static func fault(in fields: RequestFields, of version: HTTPVersion) -> HTTPError? {
        guard let codings = fields.transferEncoding else { return nil }
        if fields.contentLength != nil { return .badRequest("Both Content-Length and Transfer-Encoding") }
        if version == .http1_0 { return .badRequest("Transfer-Encoding is not allowed in HTTP/1.0") }
        if codings.isToken("chunked") { return nil }
        let comma = codings.utf8.lastIndex(of: UInt8(ascii: ","))
        let last = codings[(comma.map(codings.utf8.index(after:)) ?? codings.startIndex)...].trimmingSpaces()
        return last.isToken("chunked")
            ? .unsupportedTransferCoding : .badRequest("Transfer-Encoding does not end in chunked")
    }

    private func handle(
        _ head: HTTPRequestHead, _ kept: CopyOnWrite<RequestFields>, _ body: Request.Body, leavesInput: Bool
    ) -> Action {
        let fields = kept.value
        // The parser stops after Upgrade and CONNECT, where another protocol may follow. This server supports none.
        let leavesInput = leavesInput || fields.offersUpgrade || head.method == .CONNECT
        let request = Request(
            method: head.method, path: Self.path(of: head.uri), fields: kept, body: body,
            client: origin.client(forwardedFor: fields.forwardedFor))
        return .handle(
            request,
            Persistence(
                isKeptAlive: head.isKeepAlive && !leavesInput, isHTTP10: head.version == .http1_0,
                leavesInput: leavesInput))
    }

    /// The path of a target in origin form or absolute form (RFC 9112 section 3.2).
    static func path(of target: String) -> String {
        if target.utf8.first == UInt8(ascii: "/") {
            guard let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target }
            return String(target[..<end])
        }
        guard target.prefix(7).isToken("http://") else { return target }
        let rest = target.dropFirst(7)
        guard let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) else { return "/" }
        return path(of: String(rest[slash...]))
    }
}
