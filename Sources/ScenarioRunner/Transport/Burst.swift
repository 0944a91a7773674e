import CCurl
import Glibc
import Scenario

/// Requests released together from a barrier, once every connection is open.
///
/// The connections are opened first, by us; libcurl takes the connected sockets through its open-socket callback.
/// So between the first and the last request there is nothing but writing to sockets.
package struct Burst {
    /// In the order in which the requests were sent.
    package var exchanges: [Exchange]
    package var measure: BurstMeasure

    static func run(
        _ requests: [(request: Request, url: String)], concurrency: Int, _ settings: ConnectionSettings,
        cookies: [String], addresses: LoopbackAddresses? = nil, stopFlag: StopFlag? = nil
    ) throws(TransportError) -> Burst {
        let width = min(concurrency, requests.count)
        var origins: [BaseURL] = []
        for (_, url) in requests.prefix(width) {
            guard let origin = BaseURL(Self.origin(of: url)) else {
                throw TransportError(.invalidRequest, "\"\(url)\" is no URL")
            }
            origins.append(origin)
        }
        // Through a proxy or a unix socket libcurl connects by itself, and the barrier stands before the connect.
        let isDirect = settings.options.proxy == nil && settings.options.unixSocket == nil
        let timeout = requests.map(\.request.options.timeout).max() ?? .seconds(30)
        let sources = origins.map { _ in addresses.map { SourceAddress($0.take()) } ?? settings.address }
        let sockets =
            isDirect
            ? try ConnectedSockets.open(
                to: origins, from: sources, timeout: timeout, settings.options.resolve, until: stopFlag)
            : []
        let run = BurstRun(requests, from: sources, settings, cookies: cookies, stopFlag: stopFlag)
        return try run.perform(over: sockets, isDirect: isDirect)
    }

    private static func origin(of url: String) -> String {
        url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3).joined(separator: "/")
    }
}

/// The transfers of a burst, driven by one thread.
private final class BurstRun {
    private let requests: [(request: Request, url: String)]
    private let settings: ConnectionSettings
    private let stopFlag: StopFlag?
    private var isDirect = true
    private let slots: [Slot]
    private let multi: UnsafeMutableRawPointer
    private var next = 0
    private var exchanges: [Exchange?]
    private var peak = 0

    /// A place for a transfer: a handle that is used again for the next request when one is done.
    final class Slot {
        let handle = CurlHandle()
        var index = 0
        var start = ContinuousClock.now
        var sent: ContinuousClock.Instant?
        /// Where its connections come from.
        var source: SourceAddress?
    }

    init(
        _ requests: [(request: Request, url: String)], from sources: [SourceAddress?], _ settings: ConnectionSettings,
        cookies: [String], stopFlag: StopFlag?
    ) {
        self.requests = requests
        self.stopFlag = stopFlag
        self.settings = settings
        slots = sources.map { source in
            let slot = Slot()
            slot.source = source
            slot.handle.reset()
            slot.handle.add(cookies: cookies)
            return slot
        }
        exchanges = [Exchange?](repeating: nil, count: requests.count)
        multi = curl_multi_init()
        gauntlet_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, sources.count)
        gauntlet_curl_multi_set_long(multi, CURLMOPT_PIPELINING, 0)
    }

    deinit {
        for slot in slots { curl_multi_remove_handle(multi, slot.handle.pointer) }
        curl_multi_cleanup(multi)
    }

    func perform(over sockets: [Int32], isDirect: Bool) throws(TransportError) -> Burst {
        self.isDirect = isDirect
        for (slot, socket) in zip(slots, sockets) { slot.handle.sockets.connected = socket }
        for slot in slots { try begin(slot) }
        var running: Int32 = 0
        repeat {
            curl_multi_perform(multi, &running)
            peak = max(peak, slots.count { $0.sent != nil })
            try collect()
            if stopFlag?.isSet == true { break }
            if next < requests.count || running > 0 { curl_multi_poll(multi, nil, 0, 100, nil) }
        } while running > 0 || slots.contains { $0.index >= 0 }

        // Whatever is left was given up.
        for slot in slots where slot.index >= 0 {
            let (request, url) = requests[slot.index]
            exchanges[slot.index] = Exchange(
                request: request, url: url, result: slot.handle.stopped(url: url), start: slot.sent ?? slot.start,
                duration: ContinuousClock.now - (slot.sent ?? slot.start), client: settings.options,
                storedCookies: slot.handle.sentCookies.stored(besides: request))
        }
        let instants = spreadInstants.sorted()
        let spread = if let first = instants.first, let last = instants.last { last - first } else { Duration.zero }
        return Burst(
            exchanges: exchanges.compactMap { $0 },
            measure: BurstMeasure(
                count: requests.count, concurrency: slots.count, peakInFlight: peak, spread: spread))
    }

    /// When each of those released together was sent.
    private var spreadInstants: [ContinuousClock.Instant] = []

    private func begin(_ slot: Slot) throws(TransportError) {
        let (request, url) = requests[next]
        slot.index = next
        slot.sent = nil
        slot.start = ContinuousClock.now
        next += 1
        let context = Unmanaged.passUnretained(slot).toOpaque()
        try slot.handle.prepare(request, url: url, settings, from: slot.source)
        if isDirect {
            slot.handle.sockets.serve(slot.handle.pointer)
            if slot.handle.sockets.connected >= 0 { slot.handle.set(CURLOPT_FRESH_CONNECT, 1) }
        }
        // The debug callback is told of the head when it has been written: the instant of sending.
        slot.handle.set(CURLOPT_VERBOSE, 1)
        gauntlet_curl_set_debug_callback(slot.handle.pointer, noteSending)
        gauntlet_curl_set_pointer(slot.handle.pointer, CURLOPT_DEBUGDATA, context)
        gauntlet_curl_set_pointer(slot.handle.pointer, CURLOPT_PRIVATE, context)
        curl_multi_add_handle(multi, slot.handle.pointer)
    }

    private func collect() throws(TransportError) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let slot = slots.first(where: { $0.handle.pointer == handle })
            else { continue }
            let code = message.pointee.data.result
            curl_multi_remove_handle(multi, handle)
            let (request, url) = requests[slot.index]
            let start = slot.sent ?? slot.start
            if slot.index < slots.count, let sent = slot.sent { spreadInstants.append(sent) }
            exchanges[slot.index] = Exchange(
                request: request, url: url, result: slot.handle.result(code, url: url), start: start,
                duration: ContinuousClock.now - start, client: settings.options,
                storedCookies: slot.handle.sentCookies.stored(besides: request))
            slot.index = -1
            slot.sent = nil
            if next < requests.count { try begin(slot) }
        }
    }
}

private func noteSending(
    _ handle: UnsafeMutableRawPointer?, _ kind: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard kind == CURLINFO_HEADER_OUT, let context else { return 0 }
    let slot = Unmanaged<BurstRun.Slot>.fromOpaque(context).takeUnretainedValue()
    if slot.sent == nil {
        slot.sent = ContinuousClock.now
        slot.handle.sentCookies.read(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    return 0
}
