import DequeModule
import NIOCore

/// Runs Swift tasks on one event loop, so that a request never leaves the thread of its connection.
///
/// Jobs enqueued on the loop run together after the current batch of I/O, in one scheduled tick. The commands that they
/// send to Redis leave in one flush.
package final class EventLoopExecutor: TaskExecutor {
    private struct Batch {
        var jobs = Deque<UnownedJob>()
        var isScheduled = false
    }

    /// Maximum number of jobs to run before the loop handles I/O again.
    private static let batchLimit = 1024

    private let eventLoop: any EventLoop
    private let batch: NIOLoopBoundBox<Batch>

    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.batch = .makeBoxSendingValue(Batch(), eventLoop: eventLoop)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if eventLoop.inEventLoop {
            batch.value.jobs.append(job)
            schedule()
        } else {
            eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    private func schedule() {
        guard !batch.value.isScheduled else { return }
        batch.value.isScheduled = true
        eventLoop.execute { self.runBatch() }
    }

    private func runBatch() {
        let executor = asUnownedTaskExecutor()
        for _ in 0..<Self.batchLimit {
            guard let job = batch.value.jobs.popFirst() else { break }
            job.runSynchronously(on: executor)
        }
        batch.value.isScheduled = false
        if !batch.value.jobs.isEmpty { schedule() }
    }
}
