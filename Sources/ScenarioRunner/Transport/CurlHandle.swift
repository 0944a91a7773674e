import CCurl
import Glibc
import Scenario

/// Owns a libcurl easy handle and the memory it points to. Used by one thread at a time.
final class CurlHandle {
    let pointer: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var resolveList: UnsafeMutablePointer<curl_slist>?
    private var body: [UInt8] = []
    private let errorBuffer: UnsafeMutablePointer<CChar>
    let sink = ResponseSink()
    let sockets = SocketSupply()
    /// The request in progress, as rewritten by redirects.
    var request: Request?
    var settings: ConnectionSettings?
    /// The cookies of the request in progress, or the last one.
    let sentCookies = SentCookies()

    init() {
        _ = Self.initialised
        guard let pointer = curl_easy_init() else { preconditionFailure("libcurl has no memory for a handle") }
        self.pointer = pointer
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headerList)
        curl_slist_free_all(resolveList)
        errorBuffer.deallocate()
    }

    /// Initialises libcurl. `curl_global_init` is not thread-safe; a static is initialised only once.
    private static let initialised: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// libcurl's version, one byte for each part: 0x075801 is 7.88.1.
    static let version = curl_version_info(CURLVERSION_FIRST)?.pointee.version_num ?? 0

    /// Whether libcurl has a file of the system's authorities, so that it needs no directory of them.
    static let hasCAFile = curl_version_info(CURLVERSION_SEVENTH)?.pointee.cainfo.map { access($0, R_OK) == 0 } ?? false

    /// Clears the last request's options and keeps open connections.
    func reset() {
        curl_easy_reset(pointer)
        forgetResponse()
        gauntlet_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorBuffer)
        gauntlet_curl_set_data_callback(pointer, CURLOPT_HEADERFUNCTION, receiveHeader)
        gauntlet_curl_set_pointer(pointer, CURLOPT_HEADERDATA, Unmanaged.passUnretained(self).toOpaque())
        gauntlet_curl_set_data_callback(pointer, CURLOPT_WRITEFUNCTION, receiveBody)
        gauntlet_curl_set_pointer(pointer, CURLOPT_WRITEDATA, Unmanaged.passUnretained(sink).toOpaque())
        // A proxy's response to CONNECT is not the server's response.
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_NOSIGNAL, 1)
        // An empty name turns the cookie engine on; resetting keeps the cookies themselves.
        set(CURLOPT_COOKIEFILE, "")
        // Send the path as written: a test may be about "/a/../b".
        set(CURLOPT_PATH_AS_IS, 1)
    }

    /// Prepares the handle to send the same request again.
    func forgetResponse() {
        sink.reset()
        sentCookies.fields = nil
        sockets.failure = nil
        errorBuffer.pointee = 0
    }

    func set(_ option: CURLoption, _ value: Int) { gauntlet_curl_set_long(pointer, option, value) }
    func set(_ option: CURLoption, _ value: String) { gauntlet_curl_set_string(pointer, option, value) }

    func set(headers: [String]) {
        let list = headers.reduce(nil) { curl_slist_append($0, $1) }
        gauntlet_curl_set_list(pointer, CURLOPT_HTTPHEADER, list)
        curl_slist_free_all(headerList)
        headerList = list
    }

    func set(resolve entries: [String]) {
        curl_slist_free_all(resolveList)
        resolveList = entries.reduce(nil) { curl_slist_append($0, $1) }
        gauntlet_curl_set_list(pointer, CURLOPT_RESOLVE, resolveList)
    }

    func set(body bytes: [UInt8]) {
        body = bytes
        gauntlet_curl_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        // libcurl takes its own copy, so the array may move afterwards.
        body.withUnsafeMutableBytes { buffer in
            var nothing: UInt8 = 0
            withUnsafeMutablePointer(to: &nothing) { empty in
                _ = gauntlet_curl_set_pointer(
                    pointer, CURLOPT_COPYPOSTFIELDS, buffer.baseAddress ?? UnsafeMutableRawPointer(empty))
            }
        }
    }

    /// The cookies set by servers, in libcurl's notation.
    var cookies: [String] {
        var list: UnsafeMutableRawPointer?
        gauntlet_curl_get_pointer(pointer, CURLINFO_COOKIELIST, &list)
        let first = list?.assumingMemoryBound(to: curl_slist.self)
        defer { curl_slist_free_all(first) }
        return sequence(first: first) { $0?.pointee.next }.prefix { $0 != nil }.compactMap { entry in
            entry?.pointee.data.map { String(cString: $0) }
        }
    }

    func add(cookies: [String]) {
        for cookie in cookies { set(CURLOPT_COOKIELIST, cookie) }
    }

    /// libcurl's message for the last failure, or else the generic text of the code.
    func message(for code: CURLcode) -> String {
        let detail = String(cString: errorBuffer)
        return detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    }

    func microseconds(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        gauntlet_curl_get_offset(pointer, info, &value)
        return Int(value)
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        gauntlet_curl_get_long(pointer, info, &value)
        return value
    }
}

/// Collects a response as libcurl delivers it.
final class ResponseSink {
    private(set) var status = 0
    var headers: [Header] = []
    var body: [UInt8] = []
    var bodyLimit = 16 << 20
    var isTooLarge = false
    /// Whether the blank line has arrived. libcurl accepts a head that the server cut off.
    private(set) var isHeadWhole = false
    /// Why the response is invalid; nil if it is not.
    private(set) var fault: String?
    /// When libcurl delivered the latest part of the response.
    fileprivate(set) var lastRead: ContinuousClock.Instant?

    func reset() {
        status = 0
        isHeadWhole = false
        fault = nil
        lastRead = nil
        headers.removeAll(keepingCapacity: true)
        body.removeAll(keepingCapacity: true)
        isTooLarge = false
    }

    /// Adds a line of the head. A status line starts a new head: interim responses (1xx) precede the final one.
    func addHeaderLine(_ line: UnsafeRawBufferPointer) {
        if line.starts(with: "HTTP/".utf8) {
            isHeadWhole = false
            status =
                line.split(separator: 0x20).dropFirst().first.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
            return headers.removeAll(keepingCapacity: true)
        }
        // Trailers after the body are ignored.
        guard !isHeadWhole else { return }
        if line.first == 0x0D || line.first == 0x0A {
            isHeadWhole = true
            fault = headers.lengthFault
        }
        func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
            let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
            let trimmed = bytes.drop(while: isSpace)
            let end = trimmed.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? trimmed.startIndex
            return String(decoding: trimmed[trimmed.startIndex..<end], as: UTF8.self)
        }
        // A line that starts with a space continues the previous one (RFC 9112 section 5.2).
        if line.first == 0x20 || line.first == 0x09 {
            if let last = headers.indices.last { headers[last].value += " " + text(line[...]) }
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        headers.append(Header(text(line[..<colon]), text(line[(colon + 1)...])))
    }
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    let handle = Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
    handle.sink.lastRead = ContinuousClock.now
    handle.sink.addHeaderLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
    guard handle.sink.fault == nil else { return 0 }
    if handle.sink.isHeadWhole { handle.redirect() }
    return size * count
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    let sink = Unmanaged<ResponseSink>.fromOpaque(context).takeUnretainedValue()
    guard sink.body.count + size * count <= sink.bodyLimit else {
        sink.isTooLarge = true
        return 0
    }
    sink.lastRead = ContinuousClock.now
    sink.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}
