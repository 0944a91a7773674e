/// Cookies that the server has set go back to it, from the user that they were given to.
///
/// Until the first of them there are no jars, and requests go out as they are planned.
extension Worker where Transport: ~Copyable {
    /// Puts what an answer sets into its user's jar.
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
        // Requests without templates are from now on written for each user.
        if !plan.keepsVariables { requests = UserRequests(users: userNumbers.count, steps: plan.steps.count) }
    }

    /// What of a user's cookies goes with a request.
    func cookies(of user: Int, for request: [UInt8]) -> [UInt8] {
        guard !jars[user].isEmpty else { return [] }
        return jars[user].pairs(for: CookieScope(of: request, overTLS: plan.tls != nil))
    }

    /// ``CookieJar/version`` of what has not expired; 0 where there are no cookies.
    mutating func cookieVersion(_ user: Int) -> Int32 {
        guard keepsCookies else { return 0 }
        jars[user].expire(now: clock.wallTime())
        return jars[user].version
    }

    /// Keeps the first two lines of the request in the outbox, which is soon written over: a cookie that answers it
    /// belongs to its host and its path.
    mutating func noteWhereTo(_ slot: Int) {
        if targets.isEmpty { targets = Array(repeating: [], count: userNumbers.count * width) }
        let first = outbox.firstIndex(of: .lineFeed) ?? 0
        let second = outbox[first...].dropFirst().firstIndex(of: .lineFeed) ?? first
        targets[slot].removeAll(keepingCapacity: true)
        targets[slot].append(contentsOf: outbox[...second])
    }

    /// Where the request went that is answered now.
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
