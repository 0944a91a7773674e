import NIOCore

/// Whether somebody still waits for the result of what is being done. Work that nobody waits for is not begun.
package struct Demand: Sendable {
    /// Of the request that the current task serves; nil where the work is the server's own.
    @TaskLocal package static var current: Demand?

    private let isWanted: @Sendable (_ waited: TimeAmount) -> Bool

    /// - Parameter isWanted: given the time that the work has waited to begin.
    package init(isWanted: @escaping @Sendable (_ waited: TimeAmount) -> Bool) {
        self.isWanted = isWanted
    }

    package func isWanted(after waited: TimeAmount) -> Bool { isWanted(waited) }
}

/// The client left before the work began. Nothing was done.
package struct Abandoned: ResponseError {
    /// Nothing is wrong with the server, so the log is spared.
    package var response: Response { HTTPError.overloaded(retryAfterSeconds: 1).response }
}
