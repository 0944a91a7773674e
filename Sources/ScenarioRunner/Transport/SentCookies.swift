import CCurl
import Scenario

/// The cookies in the request head that libcurl wrote. Only libcurl knows which stored cookies it sends with a request.
final class SentCookies {
    /// The values of the head's `Cookie` fields; nil until it is written. Heads after redirects are ignored.
    var fields: [String]?

    /// - Parameter head: a request's lines, each ended by CR LF.
    func read(_ head: UnsafeRawBufferPointer) {
        // Skip the CONNECT request to a proxy.
        guard fields == nil, !head.starts(with: "CONNECT ".utf8) else { return }
        let name = Array("cookie: ".utf8)
        fields = head.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard line.count > name.count, zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { return nil }
            let value = line.dropFirst(name.count)
            return String(decoding: value.last == UInt8(ascii: "\r") ? value.dropLast() : value, as: UTF8.self)
        }
    }

    /// The stored cookies: all but the request's own, which libcurl puts last.
    func stored(besides request: Request) -> String? {
        let all = (fields ?? []).joined(separator: "; ")
        let own = request.headers.values(of: "Cookie").joined(separator: "; ")
        let stored = all.hasSuffix(own) ? all.dropLast(own.count) : all[...]
        let rest = stored.hasSuffix("; ") ? stored.dropLast(2) : stored
        return rest.isEmpty ? nil : String(rest)
    }
}

extension CurlHandle {
    /// Records the cookies of the next request if the jar has any.
    func watchCookies() {
        let hasCookies = !cookies.isEmpty
        set(CURLOPT_VERBOSE, hasCookies ? 1 : 0)
        guard hasCookies else { return }
        gauntlet_curl_set_debug_callback(pointer, noteCookies)
        gauntlet_curl_set_pointer(pointer, CURLOPT_DEBUGDATA, Unmanaged.passUnretained(sentCookies).toOpaque())
    }
}

private func noteCookies(
    _ handle: UnsafeMutableRawPointer?, _ kind: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard kind == CURLINFO_HEADER_OUT, let context else { return 0 }
    Unmanaged<SentCookies>.fromOpaque(context).takeUnretainedValue()
        .read(UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}
