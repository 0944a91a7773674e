import NIOCore
import NIOHTTP1

/// Makes whole requests of the parser's parts: a pure value, part in, action out.
struct RequestAssembler {
    enum Action {
        case wait
        /// Send `100 Continue`: the client waits for it before it sends the body.
        case invite
        case handle(Request, RequestAssembler.Persistence)
        /// The request is wrong beyond use: answer and close.
        case refuse(HTTPError)
    }

    /// What the client asked for its connection.
    struct Persistence: Equatable {
        var isKeptAlive: Bool
        var isHTTP10: Bool
        /// The rest of the body is still to come and will not be read.
        var leavesInput: Bool
    }

    private enum State {
        case idle
        case body(HTTPRequestHead, RequestFields, ByteBuffer?)
        /// Answered before its end came.
        case skipping
    }

    let limits: Limits
    let origin: ClientOrigin
    private var state = State.idle

    init(limits: Limits, origin: ClientOrigin) {
        self.limits = limits
        self.origin = origin
    }

    /// Whether a request has begun and is not whole yet.
    var isMidway: Bool {
        if case .body = state { true } else { false }
    }

    mutating func receive(_ part: HTTPServerRequestPart) -> Action {
        switch (part, state) {
        case (.head(let head), _): return begin(head)
        case (.body(let bytes), .body(let head, let fields, var body)):
            // Cleared first, so that the buffer is not copied for a second owner.
            state = .skipping
            guard (body?.readableBytes ?? 0) + bytes.readableBytes <= limits.body else {
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
        // RFC 9112 section 6.1: two lengths are how a request is smuggled past a proxy.
        guard fields.transferEncoding == nil || fields.contentLength == nil else {
            return .refuse(.badRequest("Both Content-Length and Transfer-Encoding"))
        }
        // Nor is there a coding that two parties could understand differently.
        guard fields.transferEncoding.map({ $0.isToken("chunked") && head.version != .http1_0 }) ?? true else {
            return .refuse(.badRequest("Transfer-Encoding must be chunked, and HTTP/1.0 has none"))
        }
        if let length = fields.contentLength, length > limits.body {
            return handle(head, fields, .tooLarge, leavesInput: true)
        }
        state = .body(head, fields, nil)
        return fields.expectsContinue && head.version != .http1_0 ? .invite : .wait
    }

    private func handle(
        _ head: HTTPRequestHead, _ fields: RequestFields, _ body: Request.Body, leavesInput: Bool
    ) -> Action {
        let request = Request(
            method: head.method, path: Self.path(of: head.uri), fields: fields, body: body,
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
