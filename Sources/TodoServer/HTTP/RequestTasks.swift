import DequeModule
import NIOCore

/// The tasks of one event loop in which requests are answered. One that is done takes the next request: to make a task and
/// all its memory anew costs a cached read a twentieth of its time.
final class RequestTasks {
    struct Job: Sendable {
        var request: Request
        var finish: @Sendable (Response) -> Void
    }

    private typealias Idle = UnsafeContinuation<Job?, Never>

    /// How many tasks wait for requests. Others end when they are done.
    private static let idleLimit = 256

    private let eventLoop: any EventLoop
    private let executor: EventLoopExecutor
    private let responder: Responder
    private var idle: [Idle] = []
    /// What tasks were made for and have not taken yet.
    private var waiting = Deque<Job>()
    private var isStopped = false

    init(eventLoop: any EventLoop, executor: EventLoopExecutor, responder: Responder) {
        self.eventLoop = eventLoop
        self.executor = executor
        self.responder = responder
    }

    func answer(_ job: Job) {
        if let task = idle.popLast() {
            task.resume(returning: job)
        } else {
            waiting.append(job)
            startTask()
        }
    }

    private func startTask() {
        let tasks = NIOLoopBound(self, eventLoop: eventLoop)
        Task(executorPreference: executor) { [responder] in
            while let job = await withUnsafeContinuation({ tasks.value.take($0) }) {
                job.finish(await responder.respond(job.request))
            }
        }
    }

    /// Gives a task its next request, now or when there is one; or nil, to end it.
    private func take(_ task: Idle) {
        if let job = waiting.popFirst() {
            task.resume(returning: job)
        } else if isStopped || idle.count == Self.idleLimit {
            task.resume(returning: nil)
        } else {
            idle.append(task)
        }
    }

    /// Ends the tasks: those that wait at once, others when they are done.
    func stop() {
        isStopped = true
        for task in idle { task.resume(returning: nil) }
        idle = []
    }
}
