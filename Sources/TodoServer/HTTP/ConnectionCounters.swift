/// Counts connections that the server refused or closed itself.
struct ConnectionCounters: Sendable {
    let refused: Counter
    let refusedOfAddress: Counter
    /// Closed because the client read its response too slowly.
    let slow: Counter
    /// Closed because all connections together held too much memory.
    let shed: Counter

    init(in metrics: Metrics) {
        func counter(_ name: String, _ help: String, _ reason: String) -> Counter {
            metrics.counter(name, help, labels: ["reason": reason])
        }
        let (refusals, help) = ("todo_connections_refused_total", "Connections refused because of a limit.")
        refused = counter(refusals, help, "total")
        refusedOfAddress = counter(refusals, help, "address")
        let (closings, why) = ("todo_connections_closed_total", "Connections closed before a complete response.")
        slow = counter(closings, why, "slow")
        shed = counter(closings, why, "memory")
    }
}
