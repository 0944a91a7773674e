/// Reads the figures of one source. One thread uses it.
package protocol Observer: AnyObject {
    /// What the source shows now. Blocks for at most a few seconds.
    func read() throws(ObservationError) -> Reading
}

extension ObservationSource {
    /// Connects to the source. Blocks for at most a few seconds.
    package func open() throws(ObservationError) -> any Observer {
        switch self {
        case .process(let id): try ProcessObserver(id)
        case .redis(let address): try RedisObserver(address)
        case .postgres(let url): try PostgreSQLObserver(url)
        }
    }

    /// - Throws: if the source cannot be observed.
    package func check() throws(ObservationError) { _ = try open().read() }
}
