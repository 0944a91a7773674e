/// The state of a virtual user.
struct VirtualUser {
    /// Its number across all threads.
    let number: Int
    /// The slot of its connection. The slots for branches of a `parallel` follow it.
    let connection: Int32
    /// The number of branches still running.
    var branches: Int32 = 0
    /// Whether it is in the middle of an iteration.
    var isInIteration = false
    var iteration = 0

    init(number: Int, connection: Int32) {
        self.number = number
        self.connection = connection
    }
}
