import Scenario

/// What the virtual users of one thread have of their own: variables, cookies, and the requests rendered from them.
struct UserData: ~Copyable {
    /// The request rendered last, if it differs between iterations.
    private(set) var outbox: [UInt8] = []
    /// Whether there are cookies. If so, requests are rendered for each user.
    private(set) var keepsCookies: Bool

    private let plan: LoadPlan
    private var slotWriter: SlotWriter
    private var random: SplitMix64
    /// The number of users that may exist.
    private let users: Int
    /// By user; empty if they have none.
    private var variables: [UserVariables] = []
    private var jars: [CookieJar] = []
    private var requests: UserRequests
    /// For each slot, the first lines of the request rendered last; empty if none was rendered.
    private var targets: [[UInt8]] = []

    init(_ plan: LoadPlan, users numbers: [Int]) {
        self.plan = plan
        slotWriter = SlotWriter(plan.sources)
        random = SplitMix64(seed: (plan.popularRows?.seed ?? 0) &+ UInt64(numbers.first ?? 0))
        users = numbers.count
        keepsCookies = !plan.cookies.isEmpty
        requests = UserRequests(
            users: plan.keepsVariables || !plan.cookies.isEmpty ? users : 0, steps: plan.steps.count)
        if keepsCookies { jars = numbers.map { plan.cookies[$0 % plan.cookies.count] } }
        if plan.keepsVariables {
            variables = numbers.map { plan.userVariables.isEmpty ? UserVariables() : plan.userVariables[$0] }
        }
    }

    /// What templates may depend on.
    /// - Parameters:
    ///   - index: the user's number in this thread.
    func iteration(_ index: Int, _ user: VirtualUser) -> UserIteration {
        UserIteration(user: user.number, number: user.iteration, variables: values(of: index))
    }

    /// The variables of a user.
    func values(of index: Int) -> UserVariables.Values { variables.isEmpty ? [:] : variables[index].values }

    /// Takes a row of data for a user's next iteration, if rows are picked by popularity.
    @inline(__always)
    mutating func drawRow(for user: Int) {
        guard let popular = plan.popularRows else { return }
        variables[user].merge(popular.rows[popular.picker.pick(using: &random)])
    }

    /// Stores a captured value.
    mutating func set(_ name: String, to value: JSON, for user: Int) { variables[user].set(name, to: value) }

    /// Stores captured values.
    mutating func merge(_ captured: UserVariables.Values, into user: Int) { variables[user].merge(captured) }

    // MARK: Requests

    /// A rendered request.
    enum Rendered {
        /// The bytes stay where they are until the user's next version of the request.
        case kept(UnsafeRawBufferPointer, isNew: Bool)
        /// The bytes are in ``UserData/outbox`` until the next request of any user is rendered.
        case inOutbox
    }

    /// Renders a step's request for a user, unless the bytes rendered earlier still apply.
    /// - Parameters:
    ///   - index: the user's number in this thread.
    ///   - slot: the connection that sends the request.
    mutating func render(
        step: Int, of table: borrowing StepTable, for index: Int, _ user: VirtualUser, slot: Int,
        _ clock: some EngineClock
    ) throws(ExchangeFailure) -> Rendered {
        if table.steps[step].isRenderedAlways {
            try fillOutbox(step, table, index, user)
            noteTarget(slot)
            if keepsCookies { outbox.insert(cookies: cookies(of: index, for: outbox)) }
            return .inOutbox
        }
        // Both versions only grow, so their sum changes whenever one of them does.
        let version = (variables.isEmpty ? 0 : variables[index].version) &+ cookieVersion(index, clock)
        if let known = requests.bytes(user: index, step: step, version: version) { return .kept(known, isNew: false) }
        try fillOutbox(step, table, index, user)
        if keepsCookies { outbox.insert(cookies: cookies(of: index, for: outbox)) }
        return .kept(requests.keep(outbox, user: index, step: step, version: version), isNew: true)
    }

    /// Writes a user's request to the outbox: the constant bytes, the compiled request, or the rendered template.
    private mutating func fillOutbox(
        _ step: Int, _ table: borrowing StepTable, _ index: Int, _ user: VirtualUser
    ) throws(ExchangeFailure) {
        outbox.removeAll(keepingCapacity: true)
        let compiled = Int(table.steps[step].compiledRequest)
        if compiled >= 0 {
            let isWritten = slotWriter.write(
                table.compiledRequests[compiled], to: &outbox, user: user.number, iteration: user.iteration,
                values: values(of: index))
            if isWritten { return }
            outbox.removeAll(keepingCapacity: true)
        }
        guard case .exchange(let request) = plan.steps[step].action else { return }
        switch request.bytes {
        case .constant(let bytes): outbox += bytes
        case .perUser(let renderer), .rendered(let renderer):
            try renderer.render(into: &outbox, iteration: iteration(index, user))
        }
    }

    // MARK: Cookies

    /// Stores the cookies that a response sets in its user's jar.
    ///
    /// Until the first cookie there are no jars, and requests are sent as planned.
    /// - Parameter head: the response's head.
    mutating func takeCookies(
        _ head: Slice<UnsafeRawBufferPointer>, step: Int, for index: Int, slot: Int, _ clock: some EngineClock
    ) {
        let name = "set-cookie:"
        let fields = head.split(separator: .lineFeed).compactMap { line -> ArraySlice<UInt8>? in
            guard line.count > name.utf8.count, zip(line, name.utf8).allSatisfy({ $0.asciiLowercased == $1 }) else {
                return nil
            }
            return Array(line.dropFirst(name.utf8.count))[...].trimmed
        }
        if !keepsCookies { beginJars() }
        jars[index].take(fields, from: target(step: step, of: index, slot: slot), now: clock.wallTime())
    }

    private mutating func beginJars() {
        keepsCookies = true
        jars = Array(repeating: CookieJar(), count: users)
        // From now on, requests without templates are rendered for each user.
        if !plan.keepsVariables { requests = UserRequests(users: users, steps: plan.steps.count) }
    }

    /// The user's cookies for a request.
    private func cookies(of user: Int, for request: [UInt8]) -> [UInt8] {
        guard !jars[user].isEmpty else { return [] }
        return jars[user].pairs(for: CookieScope(of: request, overTLS: plan.tls != nil))
    }

    /// ``CookieJar/version`` after removing expired cookies; 0 if there are no cookies.
    private mutating func cookieVersion(_ user: Int, _ clock: some EngineClock) -> Int32 {
        guard keepsCookies else { return 0 }
        jars[user].expire(now: clock.wallTime())
        return jars[user].version
    }

    /// Saves the first two lines of the request before the outbox is overwritten. Cookies set by its response belong to
    /// its host and path.
    private mutating func noteTarget(_ slot: Int) {
        if targets.isEmpty { targets = Array(repeating: [], count: users * plan.connectionsPerUser) }
        let first = outbox.firstIndex(of: .lineFeed) ?? 0
        let second = outbox[first...].dropFirst().firstIndex(of: .lineFeed) ?? first
        targets[slot].removeAll(keepingCapacity: true)
        targets[slot].append(contentsOf: outbox[...second])
    }

    /// The destination of the request whose response is being processed.
    private func target(step: Int, of user: Int, slot: Int) -> CookieScope {
        let isOverTLS = plan.tls != nil
        guard case .exchange(let request) = plan.steps[step].action else {
            preconditionFailure("only an exchange has a response")
        }
        switch request.bytes {
        case .constant(let bytes): return CookieScope(of: bytes, overTLS: isOverTLS)
        case .rendered: return CookieScope(of: targets[slot], overTLS: isOverTLS)
        case .perUser:
            return CookieScope(of: requests.latest(user: user, step: step), overTLS: isOverTLS)
        }
    }
}
