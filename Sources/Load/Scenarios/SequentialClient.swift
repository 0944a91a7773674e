import Glibc
import Scenario

/// A client for setup and teardown: one exchange after another on one connection.
struct SequentialClient: ~Copyable {
    let target: SocketAddress
    let context: TLSContext?
    let source: SocketAddress?
    private var descriptor: Int32 = -1
    private var tls: OpaquePointer?
    private let settings: EngineSettings
    private let stop: StopRequest
    /// Whether any byte of the current response has been received.
    private var hasAnswerBegun = false

    /// - Parameter stop: ends the current exchange once raised.
    init(
        target: SocketAddress, tls: TLSContext?, source: SocketAddress?, settings: EngineSettings,
        stop: StopRequest
    ) {
        self.target = target
        context = tls
        self.source = source
        self.settings = settings
        self.stop = stop
    }

    deinit {
        if let tls { TLSStream.close(tls) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Sends a request and waits for the complete response.
    ///
    /// Connects first if no connection is open. If a persistent connection closes before any byte of the response, the
    /// request is retried once on a new one, as libcurl does in `gauntlet run`.
    mutating func exchange(
        _ request: [UInt8], method: String, options: RequestOptions
    ) throws(ExchangeFailure) -> Response {
        let deadline = MonotonicClock.now() &+ Nanoseconds(options.timeout)
        let limits = settings.responseLimits(body: options.maxBody)
        let parser = ResponseParser(isBodiless: method == "HEAD", limits: limits)
        if isConnectionOver { end() }
        let isUsed = descriptor >= 0
        do throws(ExchangeFailure) { return try attempt(request, parser, until: deadline) } catch {
            end()
            guard isUsed, !hasAnswerBegun, error.kind == .closed || error.kind == .reset else { throw error }
        }
        do throws(ExchangeFailure) { return try attempt(request, parser, until: deadline) } catch {
            end()
            throw error
        }
    }

    private mutating func attempt(
        _ request: [UInt8], _ parser: ResponseParser, until deadline: Nanoseconds
    ) throws(ExchangeFailure) -> Response {
        hasAnswerBegun = false
        if descriptor < 0 { try connect(until: deadline) }
        let start = MonotonicClock.now()
        try send(request, until: deadline)
        return try receive(parser, since: start, until: deadline)
    }

    private mutating func end() {
        if let tls { TLSStream.close(tls) }
        tls = nil
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    /// Whether the server has closed the connection, or sent unexpected bytes, since the last response.
    private var isConnectionOver: Bool {
        guard descriptor >= 0 else { return false }
        var byte: UInt8 = 0
        let peeked = recv(descriptor, &byte, 1, Int32(MSG_PEEK))
        // Over TLS the bytes may be an unread session ticket.
        if peeked > 0, tls != nil { return false }
        return peeked >= 0 || errno != EAGAIN
    }

    private mutating func connect(until deadline: Nanoseconds) throws(ExchangeFailure) {
        let opened = try StreamSocket.open(to: target, from: source)
        descriptor = opened.descriptor
        if !opened.isConnected {
            guard isReady(Int16(POLLOUT), until: deadline) else {
                throw ExchangeFailure(kind: .connectTimeout, detail: "the connection was not made in time")
            }
            let code = StreamSocket.pendingError(descriptor)
            if code != 0 { throw ExchangeFailure(code: code, during: "connect") }
        }
        if let context { try shakeHands(context, until: deadline) }
    }

    private mutating func shakeHands(_ context: TLSContext, until deadline: Nanoseconds) throws(ExchangeFailure) {
        guard let tls = context.open(on: descriptor) else {
            throw ExchangeFailure(kind: .tls, detail: TLSError.latest)
        }
        self.tls = tls
        while true {
            switch TLSStream.handshake(tls) {
            case .done: return
            case .failed(let failure): throw failure
            case .waiting:
                // A handshake waits for reading or writing. Waiting for the peer's next message is what takes time.
                guard isReady(Int16(POLLIN), until: deadline) else {
                    throw ExchangeFailure(kind: .connectTimeout, detail: "the TLS handshake did not finish in time")
                }
            }
        }
    }

    private func send(_ request: [UInt8], until deadline: Nanoseconds) throws(ExchangeFailure) {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                let (bytes, count) = ($0.baseAddress! + sent, request.count - sent)
                return tls.map { TLSStream.send($0, bytes, count) } ?? StreamSocket.send(descriptor, bytes, count)
            }
            if count >= 0 {
                sent += count
            } else if count != -Int(EAGAIN) {
                throw ExchangeFailure(stream: count, during: "send")
            } else if !isReady(Int16(POLLOUT), until: deadline) {
                throw ExchangeFailure(kind: .timeout, detail: "the request could not be sent in time")
            }
        }
    }

    private mutating func receive(
        _ fresh: ResponseParser, since start: Nanoseconds, until deadline: Nanoseconds
    ) throws(ExchangeFailure) -> Response {
        var parser = fresh
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                let (base, capacity) = ($0.baseAddress!, $0.count)
                return tls.map { TLSStream.receive($0, base, capacity) }
                    ?? StreamSocket.receive(descriptor, base, capacity)
            }
            if count == -Int(EAGAIN) {
                guard isReady(Int16(POLLIN), until: deadline) else {
                    throw ExchangeFailure(kind: .timeout, detail: "no complete response in time")
                }
                continue
            }
            guard count >= 0 else { throw ExchangeFailure(stream: count, during: "recv") }
            bytes += buffer[..<count]
            if count > 0 { hasAnswerBegun = true }
            let progress: ResponseParser.Progress
            do throws(ResponseError) {
                progress =
                    count == 0 ? try parser.finish(length: bytes.count) : try parser.advance(over: bytes.span.bytes)
            } catch {
                throw ExchangeFailure(error)
            }
            guard case .complete(let length) = progress else { continue }
            let time = MonotonicClock.now() - start
            if !parser.keepsAlive || length < bytes.count { end() }
            let received = ReceivedResponse(parser, bytes: bytes.span.bytes, length: length, serviceTime: time)
            return Response(received, headers: nil)
        }
    }

    /// Waits for the socket to become ready.
    /// - Returns: false at the deadline, or if the run is stopped.
    private func isReady(_ event: Int16, until deadline: Nanoseconds) -> Bool {
        while true {
            let now = MonotonicClock.now()
            guard now < deadline, !stop.isRaised else { return false }
            var poll = pollfd(fd: descriptor, events: event, revents: 0)
            let milliseconds = min((deadline - now) / 1_000_000 + 1, 100)
            if Glibc.poll(&poll, 1, Int32(milliseconds)) > 0 { return true }
        }
    }
}
