import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import TodoServer

@Suite struct RequestTasksTests {
    private static func request(_ path: String) -> Request {
        Request(
            method: .GET, path: path, fields: CopyOnWrite(RequestFields()), body: .complete(ByteBuffer()),
            client: ClientAddress(key: "a"))
    }

    /// The paths of finished requests, in order, and the requests that are held.
    private final class Answers: Sendable {
        private let state = Mutex<(answered: [String], held: [UnsafeContinuation<Void, Never>])>(([], []))

        var answered: [String] { state.withLock { $0.answered } }
        var heldCount: Int { state.withLock { $0.held.count } }

        func add(_ path: String) { state.withLock { $0.answered.append(path) } }
        func hold(_ request: UnsafeContinuation<Void, Never>) { state.withLock { $0.held.append(request) } }

        func release() {
            for request in state.withLock({ state in
                defer { state.held = [] }
                return state.held
            }) { request.resume() }
        }
    }

    private typealias Answer = @Sendable (String) -> Void
    private typealias Stop = @Sendable () -> Void

    private static func withTasks(
        _ test: @Sendable (_ answer: @escaping Answer, _ stop: Stop, Answers) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let answers = Answers()
        let responder = Responder { request in
            if request.path.hasPrefix("/held") { await withUnsafeContinuation { answers.hold($0) } }
            return Response(status: .ok, json: "{}")
        }
        let tasks = try await eventLoop.submit {
            let tasks = RequestTasks(
                eventLoop: eventLoop, executor: EventLoopExecutor(eventLoop: eventLoop), responder: responder)
            return NIOLoopBound(tasks, eventLoop: eventLoop)
        }.get()
        try await test(
            { path in
                eventLoop.execute {
                    tasks.value.answer(RequestTasks.Job(request: request(path)) { _ in answers.add(path) })
                }
            }, { eventLoop.execute { tasks.value.stop() } }, answers)
        try await group.shutdownGracefully()
    }

    private static func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("a request that waits does not delay others", .timeLimit(.minutes(1)))
    func oneThatWaitsHoldsUpNoOther() async throws {
        try await Self.withTasks { answer, stop, answers in
            for round in 1...10 {
                for number in 1...3 { answer("/held/\(round)/\(number)") }
                answer("/\(round)")
                try await Self.until { answers.answered.count == 4 * round - 3 && answers.heldCount == 3 }
                #expect(answers.answered.last == "/\(round)")
                answers.release()
                try await Self.until { answers.answered.count == 4 * round }
            }
            stop()
        }
    }

    @Test("a request that arrives after the stop is handled", .timeLimit(.minutes(1)))
    func whatComesAfterTheStopIsAnsweredToo() async throws {
        try await Self.withTasks { answer, stop, answers in
            answer("/held/early")
            try await Self.until { answers.heldCount == 1 }
            stop()
            answer("/late")
            try await Self.until { answers.answered == ["/late"] }
            answers.release()
            try await Self.until { answers.answered == ["/late", "/held/early"] }
        }
    }

    @Test("a finished request is released although its task stays alive", .timeLimit(.minutes(1)))
    func letsGoOfWhatWasAnswered() async throws {
        final class Held: Sendable {}
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let isGone = try await eventLoop.flatSubmit { () -> EventLoopFuture<@Sendable () -> Bool> in
            let tasks = RequestTasks(
                eventLoop: eventLoop, executor: EventLoopExecutor(eventLoop: eventLoop),
                responder: Responder { _ in Response(status: .ok, json: "{}") })
            let answered = eventLoop.makePromise(of: (@Sendable () -> Bool).self)
            let held = Held()
            weak let weakHeld = held
            tasks.answer(
                RequestTasks.Job(request: Self.request("/")) { [held] _ in
                    withExtendedLifetime(held) { answered.succeed { weakHeld == nil } }
                })
            return answered.futureResult
        }.get()
        try await Self.until { isGone() }
        try await group.shutdownGracefully()
    }
}
