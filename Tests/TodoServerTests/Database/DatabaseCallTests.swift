import NIOCore
import NIOHTTP1
import Testing

@testable import TodoServer

/// A call's result comes from its work or from a deadline, whichever comes first.
@Suite(.timeLimit(.minutes(1))) struct DatabaseCallTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private static let times = DatabaseTimes()

    private static func at(_ seconds: Double) -> NIODeadline { start + .milliseconds(Int64(seconds * 1000)) }

    /// The result that the caller of a new call gets.
    private func result(
        _ kind: DatabaseCallKind = .write, demand: Demand? = nil, _ use: (DatabaseCall<Int>) -> Void
    ) async -> Result<Int, any Error> {
        do {
            return .success(
                try await withCheckedThrowingContinuation { caller in
                    use(DatabaseCall(kind, times: Self.times, now: Self.start, demand: demand, caller: caller))
                })
        } catch {
            return .failure(error)
        }
    }

    private func failure(
        _ kind: DatabaseCallKind = .write, demand: Demand? = nil, _ use: (DatabaseCall<Int>) -> Void
    ) async -> Response {
        switch await result(kind, demand: demand, use) {
        case .success: Response(status: .ok)
        case .failure(let error): Response(error)
        }
    }

    private static let retryAfter = Response.Header("Retry-After", "1")

    @Test("work that begins in time returns its result")
    func inTime() async throws {
        let result = await result { call in
            call.check(now: Self.at(1.9))
            #expect(call.begin(now: Self.at(1.9)) && !call.isOver)
            #expect(!call.begin(now: Self.at(1.9)), "a call begins only once")
            call.check(now: Self.at(4.9))
            call.finish(.success(7))
            #expect(call.isOver)
            call.finish(.success(8))
            call.check(now: Self.at(9))
        }
        #expect(try result.get() == 7)
    }

    @Test("work that has not begun in time is dropped with 503", arguments: [true, false])
    func tooLate(_ isWatched: Bool) async {
        let response = await failure { call in
            if isWatched { call.check(now: Self.at(2)) }
            #expect(!call.begin(now: Self.at(2)) && call.isOver)
        }
        #expect(response.status == .serviceUnavailable && response.headers.contains(Self.retryAfter))
    }

    @Test("a write without a result in time is 504 without Retry-After")
    func unknown() async {
        let response = await failure { call in
            #expect(call.begin(now: Self.at(0)))
            call.check(now: Self.at(5))
            #expect(call.isOver)
            call.finish(.success(7))
        }
        #expect(response.status == .gatewayTimeout && !response.headers.contains { $0.name == "Retry-After" })
    }

    @Test("a read without a result in time is 503")
    func unread() async {
        let response = await failure(.read) { call in
            #expect(call.begin(now: Self.at(0)))
            call.check(now: Self.at(5))
        }
        #expect(response.status == .serviceUnavailable && response.headers.contains(Self.retryAfter))
    }

    @Test("work for a disconnected client does not begin, and work that has begun is finished")
    func abandoned() async throws {
        let presence = ClientPresence()
        let demand = Demand(isWanted: presence.wants)
        let begun = await result(demand: demand) { call in
            #expect(call.begin(now: Self.at(1)))
            presence.leave()
            call.finish(.success(7))
        }
        #expect(try begun.get() == 7)
        let response = await failure(demand: demand) { call in #expect(!call.begin(now: Self.at(0))) }
        #expect(response.status == .serviceUnavailable && response.cause == nil, "it is not logged as an error")
    }

    @Test("a client that closed its sending side is served while the database keeps up")
    func silent() async throws {
        let presence = ClientPresence()
        presence.closeInput()
        let demand = Demand(isWanted: presence.wants)
        let served = await result(demand: demand) { call in
            #expect(call.begin(now: Self.at(0.2)))
            call.finish(.success(7))
        }
        #expect(try served.get() == 7)
        let response = await failure(demand: demand) { call in #expect(!call.begin(now: Self.at(0.3))) }
        #expect(response.status == .serviceUnavailable)
        presence.leave()
        presence.closeInput()
        #expect(!presence.wants(after: .zero), "a client that has left stays gone")
    }

    @Test("a worker pool does not begin work that is no longer wanted")
    func workers() async throws {
        let pool = WorkerPool(name: "test", threads: 1, capacity: 4)
        let presence = ClientPresence()
        let isRun = Flag()
        presence.leave()
        await #expect(throws: Abandoned.self) {
            try await Demand.$current.withValue(Demand(isWanted: presence.wants)) {
                try await pool.run { isRun.raise() }
            }
        }
        #expect(!isRun.isRaised)
        await pool.shutdown()
    }
}
