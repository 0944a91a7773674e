import NIOCore

/// Whether the result of the current work is still wanted. Work that is not wanted does not begin.
package struct Demand: Sendable {
    /// The demand of the request that the current task serves; nil for the server's own work.
    @TaskLocal package static var current: Demand?

    private let isWanted: @Sendable (_ waited: TimeAmount) -> Bool

    /// - Parameter isWanted: takes the time that the work has waited to begin.
    package init(isWanted: @escaping @Sendable (_ waited: TimeAmount) -> Bool) {
        self.isWanted = isWanted
    }

    package func isWanted(after waited: TimeAmount) -> Bool { isWanted(waited) }
}

/// The client disconnected before the work began. Nothing was done.
package struct Abandoned: ResponseError {
    /// Has no `cause`, so it is not logged as an error: nothing is wrong with the server.
    package var response: Response { HTTPError.overloaded(retryAfterSeconds: 1).response }
}
