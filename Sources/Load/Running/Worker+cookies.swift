/// Sends the server's cookies back to it, each from the user that received it.
///
/// Until the first cookie there are no jars, and requests are sent as planned.
extension Worker where Transport: ~Copyable {
    /// Stores the cookies that a response sets in its user's jar.
    mutating func takeCookies(_ slot: Int, _ bytes: UnsafeRawBufferPointer) {
        let head = bytes[connections[slot].parser.headStart..<connections[slot].parser.bodyStart]
        let name = "set-cookie:"
        let fields = head.split(separator: .lineFeed).compactMap { line -> ArraySlice<UInt8>? in
            guard line.count > name.utf8.count, zip(line, name.utf8).allSatisfy({ $0.asciiLowercased == $1 }) else {
                return nil
            }
            return Array(line.dropFirst(name.utf8.count))[...].trimmed
        }
        if !keepsCookies { beginJars() }
        jars[Int(connections[slot].user)].take(fields, from: whereTo(slot), now: clock.wallTime())
    }

    private mutating func beginJars() {
        keepsCookies = true
        jars = Array(repeating: CookieJar(), count: userNumbers.count)
        // From now on, requests without templates are rendered for each user.
        if !plan.keepsVariables { requests = UserRequests(users: userNumbers.count, steps: plan.steps.count) }
    }

    /// The user's cookies for a request.
    func cookies(of user: Int, for request: [UInt8]) -> [UInt8] {
        guard !jars[user].isEmpty else { return [] }
        return jars[user].pairs(for: CookieScope(of: request, overTLS: plan.tls != nil))
    }

    /// ``CookieJar/version`` after removing expired cookies; 0 if there are no cookies.
    mutating func cookieVersion(_ user: Int) -> Int32 {
        guard keepsCookies else { return 0 }
        jars[user].expire(now: clock.wallTime())
        return jars[user].version
    }

    /// Saves the first two lines of the request before the outbox is overwritten. Cookies set by its response belong to
    /// its host and path.
    mutating func noteWhereTo(_ slot: Int) {
        if targets.isEmpty { targets = Array(repeating: [], count: userNumbers.count * width) }
        let first = outbox.firstIndex(of: .lineFeed) ?? 0
        let second = outbox[first...].dropFirst().firstIndex(of: .lineFeed) ?? first
        targets[slot].removeAll(keepingCapacity: true)
        targets[slot].append(contentsOf: outbox[...second])
    }

    /// The destination of the request whose response is being processed.
    private func whereTo(_ slot: Int) -> CookieScope {
        let step = Int(connections[slot].step)
        let isOverTLS = plan.tls != nil
        guard case .exchange(let request) = plan.steps[step].action else {
            preconditionFailure("only an exchange has a response")
        }
        switch request.bytes {
        case .constant(let bytes): return CookieScope(of: bytes, overTLS: isOverTLS)
        case .rendered: return CookieScope(of: targets[slot], overTLS: isOverTLS)
        case .perUser:
            let bytes = requests.latest(user: Int(connections[slot].user), step: step)
            return CookieScope(of: bytes, overTLS: isOverTLS)
        }
    }
}
