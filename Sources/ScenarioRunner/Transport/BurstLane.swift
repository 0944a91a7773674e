import CCurl
import Glibc
import Scenario

/// Drives some of a burst's connections on one thread.
final class BurstLane {
    private let queue: BurstQueue
    /// Where connections wait for each other; nil if nothing happens between connecting and sending.
    private let barrier: BurstBarrier?
    private let slots: [Slot]
    private let multi: UnsafeMutableRawPointer
    private let arrivals = ArrivalTimes()
    private let sends = SendClock()
    private var part = BurstPart()

    /// The latest instant after which everything sent on this thread was sent.
    fileprivate final class SendClock {
        var latest = ContinuousClock.now
    }

    /// A libcurl handle with its connection, reused for one request after another.
    fileprivate final class Slot {
        let handle = CurlHandle()
        let barrier: BurstBarrier?
        let connection: BurstConnection
        let sends: SendClock
        /// The index of the current request; nil if none is left.
        var index: Int?
        var start = ContinuousClock.now
        var sent: ContinuousClock.Instant?
        /// An instant before its first byte was sent.
        var lastUnsent: ContinuousClock.Instant?
        /// When the latest part of the response arrived in the socket.
        var arrived: ContinuousClock.Instant?
        /// Whether its connection has reached the barrier.
        var hasArrived = false
        /// A connection cache of its own, so that each slot keeps its socket.
        private let share: UnsafeMutableRawPointer?

        init(_ connection: BurstConnection, _ barrier: BurstBarrier?, _ sends: SendClock) {
            self.connection = connection
            self.barrier = barrier
            self.sends = sends
            share = curl_share_init()
            gauntlet_curl_share_set_long(share, CURLSHOPT_SHARE, Int(CURL_LOCK_DATA_CONNECT.rawValue))
            gauntlet_curl_set_pointer(handle.pointer, CURLOPT_SHARE, share)
            handle.sockets.connected = connection.socket
            handle.reset()
        }

        deinit {
            gauntlet_curl_set_pointer(handle.pointer, CURLOPT_SHARE, nil)
            curl_share_cleanup(share)
        }
    }

    /// - Parameter first: the index of the first connection's first request; the other connections take those after it.
    init(_ queue: BurstQueue, _ connections: [BurstConnection], first: Int = 0, _ barrier: BurstBarrier? = nil) {
        self.queue = queue
        self.barrier = barrier
        guard let multi = curl_multi_init() else { preconditionFailure("libcurl has no memory for a handle") }
        self.multi = multi
        gauntlet_curl_multi_set_long(multi, CURLMOPT_PIPELINING, 0)
        let sends = sends
        slots = connections.enumerated().map { index, connection in
            let slot = Slot(connection, barrier, sends)
            slot.handle.add(cookies: queue.cookies)
            slot.index = first + index
            return slot
        }
    }

    deinit {
        for slot in slots { curl_multi_remove_handle(multi, slot.handle.pointer) }
        curl_multi_cleanup(multi)
    }

    /// Sends one request on each connection and then those left in the queue.
    func perform() throws(TransportError) -> BurstPart {
        for slot in slots { try begin(slot) }
        var running: Int32 = 0
        while slots.contains(where: { $0.index != nil }) {
            noteArrivals()
            sends.latest = .now
            curl_multi_perform(multi, &running)
            try collect()
            if queue.stopFlag?.isSet == true { break }
            if running > 0 { curl_multi_poll(multi, nil, 0, 100, nil) }
        }
        for slot in slots { finish(slot) { slot.handle.stopped(url: $0) } }
        return part
    }

    private func begin(_ slot: Slot) throws(TransportError) {
        guard let index = slot.index else { return }
        let (request, url) = queue.requests[index]
        slot.sent = nil
        slot.lastUnsent = nil
        slot.arrived = nil
        slot.start = ContinuousClock.now
        try slot.handle.prepare(request, url: url, queue.settings, from: slot.connection.source)
        // A unix socket has no arrival times.
        if queue.settings.options.unixSocket == nil { slot.handle.sockets.serve(slot.handle.pointer) }
        if index < queue.width { slot.handle.set(CURLOPT_FRESH_CONNECT, 1) }
        let context = Unmanaged.passUnretained(slot).toOpaque()
        if barrier != nil {
            gauntlet_curl_set_prereq_callback(slot.handle.pointer, awaitOthers)
            gauntlet_curl_set_pointer(slot.handle.pointer, CURLOPT_PREREQDATA, context)
        }
        // The debug callback receives the head once it is written: that is the time of sending.
        slot.handle.set(CURLOPT_VERBOSE, 1)
        gauntlet_curl_set_debug_callback(slot.handle.pointer, noteSending)
        gauntlet_curl_set_pointer(slot.handle.pointer, CURLOPT_DEBUGDATA, context)
        gauntlet_curl_set_pointer(slot.handle.pointer, CURLOPT_PRIVATE, context)
        curl_multi_add_handle(multi, slot.handle.pointer)
    }

    /// Records when responses that are still unread arrived.
    private func noteArrivals() {
        let waiting = slots.filter { $0.sent != nil && $0.handle.sockets.latest >= 0 }
        guard !waiting.isEmpty else { return }
        for (slot, instant) in zip(waiting, arrivals.latest(on: waiting.map(\.handle.sockets.latest))) {
            if let instant { slot.arrived = instant }
        }
    }

    private func collect() throws(TransportError) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let slot = slots.first(where: { $0.handle.pointer == handle })
            else { continue }
            let code = message.pointee.data.result
            curl_multi_remove_handle(multi, handle)
            if let barrier, let index = slot.index, !slot.hasArrived {
                barrier.fail(slot.handle.error(code, url: queue.requests[index].url))
            }
            finish(slot) { slot.handle.result(code, url: $0) }
            guard barrier?.failure == nil else { continue }
            slot.index = queue.next()
            try begin(slot)
        }
    }

    /// Records the response or error of a slot's request.
    private func finish(_ slot: Slot, _ result: (_ url: String) -> Result<Response, TransportError>) {
        guard let index = slot.index else { return }
        let (request, url) = queue.requests[index]
        let now = ContinuousClock.now
        let result = result(url)
        let start = slot.sent ?? slot.start
        if let sent = slot.sent {
            if index < queue.width { part.releases.append(sent) }
            // A failed request was in flight until now. Data may have arrived and been read since the last look. The
            // earlier time counts, so that the peak is never overstated.
            let read = (try? result.get()) == nil ? now : slot.handle.sink.lastRead ?? now
            part.intervals.append((sent, max(sent, min(slot.arrived ?? read, read))))
        }
        part.exchanges.append(
            (
                index,
                Exchange(
                    request: request, url: url, result: result, start: start, duration: now - start,
                    client: queue.settings.options, storedCookies: slot.handle.sentCookies.stored(besides: request),
                    source: slot.connection.source?.text, lastUnsent: slot.lastUnsent)
            ))
        slot.index = nil
        slot.sent = nil
    }
}

private func noteSending(
    _ handle: UnsafeMutableRawPointer?, _ kind: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard kind == CURLINFO_HEADER_OUT, let context else { return 0 }
    let slot = Unmanaged<BurstLane.Slot>.fromOpaque(context).takeUnretainedValue()
    // libcurl sends a CONNECT head to a proxy before the connection is ready.
    if slot.barrier != nil, !slot.hasArrived { return 0 }
    if slot.sent == nil {
        // The head has been written, and after the last one on this thread.
        slot.lastUnsent = slot.sends.latest
        let now = ContinuousClock.now
        slot.sends.latest = now
        slot.sent = now
        slot.handle.sentCookies.read(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    return 0
}

/// libcurl calls this when a connection is ready for its request.
private func awaitOthers(
    _ context: UnsafeMutableRawPointer?, _ address: UnsafeMutablePointer<CChar>?,
    _ localAddress: UnsafeMutablePointer<CChar>?, _ port: Int32, _ localPort: Int32
) -> Int32 {
    guard let context else { return Int32(CURL_PREREQFUNC_ABORT) }
    let slot = Unmanaged<BurstLane.Slot>.fromOpaque(context).takeUnretainedValue()
    guard !slot.hasArrived, let barrier = slot.barrier else { return Int32(CURL_PREREQFUNC_OK) }
    slot.hasArrived = true
    guard barrier.arrive() else { return Int32(CURL_PREREQFUNC_ABORT) }
    slot.sends.latest = .now
    // The timeout starts at the release: waiting for the slowest handshake is not part of it.
    let waited = ContinuousClock.now - slot.start
    if let timeout = slot.handle.request?.options.timeout {
        slot.handle.set(CURLOPT_TIMEOUT_MS, max(1, Int((waited + timeout).nanoseconds / 1_000_000)))
    }
    return Int32(CURL_PREREQFUNC_OK)
}
