/// The cookies of one virtual user. Those that the server has set are sent back, as in `gauntlet run`.
package struct CookieJar: Equatable, Sendable {
    /// In the order in which they were first set.
    private var cookies: [Cookie] = []
    /// Grows with each change, so that a request rendered earlier is known to be out of date.
    private(set) var version: Int32 = 0
    /// When the first cookie expires.
    private var expiry = Double.infinity

    package init() {}

    /// - Parameters:
    ///   - lines: the cookies from setup, in libcurl's notation and order. They may have expired.
    ///   - now: seconds since 1970-01-01T00:00:00Z.
    package init(netscape lines: [String], now: Double) {
        cookies = lines.compactMap { Cookie(netscape: $0) }
        version = Int32(clamping: cookies.count)
        expiry = cookies.compactMap(\.expiry).min() ?? .infinity
        expire(now: now)
    }

    /// Limits: per response, per jar, per request, and bytes per request. All but the second are libcurl's.
    private static let (mostSet, mostKept, mostSent, longest) = (50, 1000, 150, 8190)

    var isEmpty: Bool { cookies.isEmpty }
    var count: Int { cookies.count }

    /// Stores the cookies that a response sets.
    /// - Parameters:
    ///   - fields: the values of its `Set-Cookie` fields.
    ///   - now: seconds since 1970-01-01T00:00:00Z.
    package mutating func take(_ fields: [ArraySlice<UInt8>], from scope: CookieScope, now: Double) {
        for field in fields.prefix(Self.mostSet) {
            guard let cookie = Cookie(field, from: scope, now: now) else { continue }
            guard let old = cookies.firstIndex(where: cookie.replaces) else {
                guard !cookie.isExpired(at: now) else { continue }
                cookies.append(cookie)
                version &+= 1
                continue
            }
            if cookies[old].value != cookie.value || cookies[old].isSecure != cookie.isSecure { version &+= 1 }
            cookies[old] = cookie
        }
        cookies.removeFirst(max(0, cookies.count - Self.mostKept))
        expiry = cookies.compactMap(\.expiry).min() ?? .infinity
        expire(now: now)
    }

    /// Removes expired cookies.
    package mutating func expire(now: Double) {
        guard expiry < now else { return }
        let count = cookies.count
        cookies.removeAll { $0.isExpired(at: now) }
        if cookies.count < count { version &+= 1 }
        expiry = cookies.compactMap(\.expiry).min() ?? .infinity
    }

    /// The cookies for a request: `a=1; b=2`, or empty if there are none.
    ///
    /// The order is libcurl's: the longest path first, then the longest domain, then the longest name, then the latest.
    package func pairs(for scope: CookieScope) -> [UInt8] {
        func rank(_ cookie: Cookie) -> (Int, Int, Int) { (cookie.pathLength, cookie.domain.count, cookie.name.count) }
        let fitting = cookies.reversed().filter { $0.belongs(to: scope) }.sorted { rank($0) > rank($1) }
        var pairs: [UInt8] = []
        for cookie in fitting.prefix(Self.mostSent) {
            let pair = cookie.name + [UInt8(ascii: "=")] + cookie.value
            guard pairs.count + pair.count < Self.longest else { continue }
            pairs += (pairs.isEmpty ? [] : Array("; ".utf8)) + pair
        }
        return pairs
    }
}

extension [UInt8] {
    /// Adds cookies to a request's head, before those that the request sets itself.
    /// - Parameter pairs: as returned by ``CookieJar/pairs(for:)``.
    mutating func insert(cookies pairs: [UInt8]) {
        guard !pairs.isEmpty else { return }
        let (own, end) = (Array("\r\nCookie: ".utf8), Array("\r\n\r\n".utf8))
        for index in indices {
            let rest = self[index...]
            if rest.starts(with: own) { return insert(contentsOf: pairs + "; ".utf8, at: index + own.count) }
            if rest.starts(with: end) { return insert(contentsOf: own + pairs, at: index) }
        }
    }
}
