/// One thread's share of the load.
struct WorkerShare: Sendable {
    var thread: Int
    var threads: Int
    /// The numbers, across all threads, of its virtual users.
    var users: [Int]
    /// How many of them exist at the start.
    var usersAtStart: Int
    /// The maximum number of requests that it measures.
    var requests: Int

    /// Distributes users and requests evenly.
    init(thread: Int, of threads: Int, settings: EngineSettings) {
        self.thread = thread
        self.threads = threads
        users = Array(stride(from: thread, to: settings.virtualUsers, by: threads))
        usersAtStart = users.count { $0 < settings.usersAtStart }
        requests = settings.maximumRequests.map { $0 / threads + (thread < $0 % threads ? 1 : 0) } ?? .max
    }
}
