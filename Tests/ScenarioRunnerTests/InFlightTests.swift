import Glibc
import Testing

@testable import ScenarioRunner

struct InFlightTests {
    @Test(
        "the peak is the largest number of intervals that share an instant",
        arguments: [
            ([], 0),
            ([(0, 5)], 1),
            ([(0, 5), (1, 6), (2, 7)], 3),
            // Each response arrives before the next request is sent.
            ([(0, 1), (2, 3), (4, 5)], 1),
            // The response arrives at the instant at which the next request is sent.
            ([(0, 2), (2, 4)], 1),
            // Unordered; one interval spans all others.
            ([(6, 7), (0, 9), (1, 3), (2, 4), (5, 8)], 3),
            // Half of the responses arrive before the rest of the requests are sent.
            ([(0, 10), (1, 10), (2, 10), (10, 20), (11, 20), (12, 20), (13, 20)], 4),
            // An empty interval contains no instant.
            ([(3, 3), (3, 3)], 0),
        ] as [([(Int, Int)], Int)])
    func peak(intervals: [(Int, Int)], expected: Int) {
        #expect(InFlight.peak(intervals.map { (sent: $0.0, received: $0.1) }) == expected)
    }

    @Test("the peak agrees with counting at every instant")
    func agreesWithCounting() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let intervals = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                let sent = Int.random(in: 0...15, using: &generator)
                return (sent: sent, received: Int.random(in: sent...20, using: &generator))
            }
            let counted = (0...20).map { now in intervals.count { $0.sent <= now && now < $0.received } }.max() ?? 0
            #expect(InFlight.peak(intervals) == counted, "\(intervals)")
        }
    }

    @Test("the arrival time is when the kernel received the data, not when it was read")
    func arrival() throws {
        let pair = try LoopbackPair()
        ArrivalTimes.record(on: pair.client)
        let times = ArrivalTimes()
        #expect(times.latest(on: [pair.client]) == [nil])
        // The kernel may start recording timestamps slightly after the request.
        var arrived: ContinuousClock.Instant?
        var before = ContinuousClock.now
        var after = before
        while arrived == nil, after - before < .seconds(10) {
            before = ContinuousClock.now
            pair.send()
            var state = pollfd(fd: pair.client, events: Int16(POLLIN), revents: 0)
            poll(&state, 1, 10_000)
            after = ContinuousClock.now
            arrived = times.latest(on: [pair.client])[0]
            if arrived == nil { pair.drain() }
        }
        let instant = try #require(arrived)
        let tolerance = Duration.milliseconds(1)
        #expect(instant > before - tolerance && instant < after + tolerance)
        // Looking again consumes nothing and returns the same time.
        #expect(times.latest(on: [pair.client]) == [instant])
    }
}

/// Both ends of a TCP connection on loopback.
private struct LoopbackPair {
    let client: Int32
    private let server: Int32

    init() throws {
        let port = try FreePort.find()
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        let address = try SocketAddress.numeric("127.0.0.1", port)
        try #require(address.withPointer { bind(listener, $0, $1) } == 0 && listen(listener, 1) == 0)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(address.withPointer { connect(descriptor, $0, $1) } == 0)
        client = descriptor
        server = accept(listener, nil, nil)
    }

    func send() { Glibc.send(server, "x", 1, 0) }

    func drain() {
        var byte: UInt8 = 0
        recv(client, &byte, 1, 0)
    }
}
