import Testing

@testable import TodoServer

@Suite struct ConnectionStateTests {
    /// What happens to a connection, and the action in return; empty if there is none.
    private static let events: [String: @Sendable (inout ConnectionState) -> String] = [
        "input": { "\($0.input)" },
        "head": { state in
            defer { state.beginRequest() }
            return "\(state.input)"
        },
        "request": { state in
            state.handleRequest(isWrite: false)
            return ""
        },
        "write request": { state in
            state.handleRequest(isWrite: true)
            return ""
        },
        "response": { "\($0.respond(isKeptAlive: true, leavesInput: false, isHolding: false))" },
        "response, close": { "\($0.respond(isKeptAlive: false, leavesInput: false, isHolding: false))" },
        "response, close, input waits": { "\($0.respond(isKeptAlive: false, leavesInput: false, isHolding: true))" },
        "refusal": { "\($0.respond(isKeptAlive: false, leavesInput: true, isHolding: false))" },
        "sent": { "\($0.sent(isHolding: false))" },
        "sent, input waits": { "\($0.sent(isHolding: true))" },
        "yield ends": { state in
            state.endYield()
            return ""
        },
        "last sent": { "\($0.sentLast())" },
        "read": { $0.read(isHolding: false) ? "read" : "hold" },
        "read, input waits": { $0.read(isHolding: true) ? "read" : "hold" },
        "release": { $0.releaseRead(isHolding: false) ? "read" : "" },
        "release, input waits": { $0.releaseRead(isHolding: true) ? "read" : "" },
        "unwritable": { $0.writabilityChanged(to: false) ? "proceed" : "" },
        "writable": { $0.writabilityChanged(to: true) ? "proceed" : "" },
        "long body": { state in
            state.beginLongBody()
            return ""
        },
        "body taken": { $0.endLongBody() ? "proceed" : "" },
        "input closed": { $0.closeInput() ? "close" : "\($0.input)" },
        "end": { state in
            state.end()
            return ""
        },
        "drain": { $0.drain() ? "expect end" : "" },
        "timeout": { "\($0.timeout(isJudged: false))" },
        "timeout, unread": { "\($0.timeout(isJudged: true))" },
        "drain time over": { $0.abandonment.map { "\($0)" } ?? "close" },
        "out of memory": { $0.isRefused(hasUnread: false) ? "refuse" : "close" },
        "out of memory, unread": { $0.isRefused(hasUnread: true) ? "refuse" : "close" },
        "closed": { state in
            state.close()
            return ""
        },
    ]

    struct Story: CustomTestStringConvertible {
        var testDescription: String
        /// Lines of an event, an arrow and the action.
        var lines: String

        init(_ name: String, _ lines: String) {
            testDescription = name
            self.lines = lines
        }
    }

    private static let requests = [
        Story(
            "a request and its response",
            """
            head -> process
            input -> process
            request
            input -> wait
            response -> send
            input -> wait
            sent -> proceed
            input -> process
            """),
        Story(
            "a response closes the connection if the client asks",
            """
            head -> process
            request
            response, close -> sendLast
            input -> discard
            sent -> proceed
            last sent -> close
            """),
        Story(
            "the body is still arriving when the request is rejected",
            """
            head -> process
            refusal -> sendLast
            sent -> proceed
            input -> discard
            last sent -> linger
            input -> discard
            input closed -> close
            """),
        Story(
            "malformed input between requests",
            """
            input -> process
            refusal -> sendLast
            sent -> proceed
            last sent -> linger
            """),
        Story(
            "a request that does not arrive in full",
            """
            head -> process
            timeout -> refuse
            refusal -> sendLast
            """),
        Story(
            "an idle client",
            """
            timeout -> close
            """),
        Story(
            "the client disconnects while its request is handled",
            """
            head -> process
            request
            closed
            response -> drop
            input -> discard
            """),
    ]

    private static let pipelines = [
        Story(
            "input waits while a request is handled, and reading stops",
            """
            head -> process
            request
            read -> read
            input -> wait
            read, input waits -> hold
            release, input waits
            response -> send
            sent, input waits -> proceed
            release, input waits -> read
            release, input waits
            """),
        Story(
            "a held read is released when no input waits any more",
            """
            request
            read, input waits -> hold
            response, close, input waits -> sendLast
            sent -> proceed
            release -> read
            """),
        Story(
            "the last response lingers if input waits",
            """
            request
            response, close, input waits -> sendLast
            sent, input waits -> proceed
            last sent -> linger
            """),
        Story(
            "requests before the end of the input get their responses",
            """
            request
            input closed -> wait
            response -> send
            sent, input waits -> proceed
            input -> process
            request
            response -> send
            sent -> proceed
            end
            input -> discard
            last sent -> close
            """),
        Story(
            "the end of the input ends an idle connection",
            """
            input closed -> process
            end
            last sent -> close
            """),
        Story(
            "a client that closes its side before the last response has left does not linger",
            """
            request
            refusal -> sendLast
            input closed -> discard
            sent -> proceed
            last sent -> close
            """),
        Story(
            "the last response is taken while it is being written",
            """
            request
            refusal -> sendLast
            last sent -> linger
            sent -> proceed
            input closed -> close
            """),
    ]

    private static let slowReaders = [
        Story(
            "no request is handled until a long body is taken",
            """
            request
            response -> send
            long body
            sent -> proceed
            input -> wait
            read, input waits -> hold
            body taken -> proceed
            release, input waits -> read
            input -> process
            """),
        Story(
            "no request is handled while the socket is full",
            """
            request
            response -> send
            unwritable
            sent -> proceed
            input -> wait
            writable -> proceed
            input -> process
            """),
        Story(
            "what writes trigger is handled after them",
            """
            request
            response -> send
            long body
            unwritable
            body taken
            writable
            sent -> proceed
            """),
        Story(
            "the time for reading a response is up",
            """
            request
            response -> send
            sent -> proceed
            timeout, unread -> judgeReader
            """),
        Story(
            "the time for reading the last response is up",
            """
            request
            refusal -> sendLast
            sent -> proceed
            timeout, unread -> judgeReader
            timeout -> close
            """),
        Story(
            "a body that was not taken when the connection ended",
            """
            request
            response -> send
            long body
            sent -> proceed
            closed
            body taken
            input -> discard
            """),
        Story(
            "the memory limit",
            """
            out of memory -> close
            head -> process
            out of memory -> refuse
            out of memory, unread -> close
            request
            out of memory -> close
            """),
    ]

    private static let drains = [
        Story(
            "an idle connection may still send a request, which is the last one",
            """
            drain -> expect end
            head -> process
            request
            response -> sendLast
            sent -> proceed
            last sent -> linger
            """),
        Story(
            "an idle connection that sends nothing",
            """
            drain -> expect end
            timeout -> end
            end
            last sent -> close
            """),
        Story(
            "a request being handled is the last one",
            """
            request
            drain
            response -> sendLast
            """),
        Story(
            "an incomplete request",
            """
            head -> process
            drain
            timeout -> refuse
            refusal -> sendLast
            """),
        Story(
            "an incomplete request at the end of the drain time",
            """
            head -> process
            drain
            drain time over -> overloaded
            refusal -> sendLast
            drain time over -> close
            """),
        Story(
            "a running read at the end of the drain time, and its late response",
            """
            request
            drain
            drain time over -> overloaded
            refusal -> sendLast
            sent -> proceed
            response -> drop
            """),
        Story(
            "a running write at the end of the drain time",
            """
            write request
            drain
            drain time over -> outcomeUnknown
            """),
        Story(
            "idle connections at the end of the drain time",
            """
            drain -> expect end
            drain time over -> close
            """),
    ]

    @Test("each event has its action", arguments: requests + pipelines + slowReaders + drains)
    func stories(_ story: Story) throws {
        var state = ConnectionState()
        for line in story.lines.split(separator: "\n") {
            let parts = line.split(separator: " -> ").map(String.init)
            let event = try #require(Self.events[parts[0]], "there is no event '\(parts[0])'")
            let action = event(&state)
            #expect(action == (parts.count == 2 ? parts[1] : ""), "\(line)")
        }
    }

    @Test("every event occurs in the table")
    func coverage() {
        let lines = (Self.requests + Self.pipelines + Self.slowReaders + Self.drains).flatMap {
            $0.lines.split(separator: "\n").map { String($0.split(separator: " -> ")[0]) }
        }
        #expect(Set(Self.events.keys).subtracting(lines) == ["yield ends"], "the next test has that one")
    }

    @Test("a connection with further requests yields after 16 responses")
    func yields() {
        var state = ConnectionState()
        for turn in 0..<3 {
            for response in 1...ConnectionState.longestTurn {
                state.handleRequest(isWrite: false)
                _ = state.respond(isKeptAlive: true, leavesInput: false, isHolding: true)
                let action = state.sent(isHolding: true)
                #expect(action == (response == ConnectionState.longestTurn ? .yield : .proceed), "\(turn), \(response)")
            }
            #expect(state.input == .wait)
            state.endYield()
            #expect(state.input == .process)
        }
        for _ in 0...ConnectionState.longestTurn {
            state.handleRequest(isWrite: false)
            _ = state.respond(isKeptAlive: true, leavesInput: false, isHolding: false)
            let action = state.sent(isHolding: false)
            #expect(action == .proceed, "no further request waits")
        }
    }

    @Test("the end of a yield does not reopen a connection that has ended meanwhile")
    func endsWhileYielding() {
        var state = ConnectionState()
        for _ in 1...ConnectionState.longestTurn {
            state.handleRequest(isWrite: false)
            _ = state.respond(isKeptAlive: true, leavesInput: false, isHolding: true)
            _ = state.sent(isHolding: true)
        }
        #expect(state.phase == .yielding)
        _ = state.drain()
        #expect(state.timeout(isJudged: false) == .end)
        state.end()
        state.endYield()
        #expect(state.input == .discard)
    }

    @Test("after the last response, no sequence of events makes the connection take input again")
    func staysEnded() {
        for name in Self.events.keys where name != "head" && !name.hasSuffix("request") {
            for other in Self.events.keys where other != "head" && !other.hasSuffix("request") {
                var state = ConnectionState()
                _ = state.respond(isKeptAlive: false, leavesInput: true, isHolding: false)
                for event in [name, other] { _ = Self.events[event]?(&state) }
                #expect(state.input == .discard, "after \(name), \(other)")
            }
        }
    }
}
