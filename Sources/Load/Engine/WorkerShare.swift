/// Which part of the load a thread makes.
struct WorkerShare: Sendable {
    var thread: Int
    var threads: Int
    /// The numbers, over all threads, of its virtual users.
    var users: [Int]
    /// How many of them there are at the start.
    var usersAtStart: Int
    /// How many requests it measures at most.
    var requests: Int

    /// Deals users and requests out evenly.
    init(thread: Int, of threads: Int, settings: EngineSettings) {
        self.thread = thread
        self.threads = threads
        users = Array(stride(from: thread, to: settings.virtualUsers, by: threads))
        usersAtStart = users.count { $0 < settings.usersAtStart }
        requests = settings.maximumRequests.map { $0 / threads + (thread < $0 % threads ? 1 : 0) } ?? .max
    }
}
