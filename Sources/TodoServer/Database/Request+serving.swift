extension Request {
    /// Runs the body with this client's demand as the current one.
    func serving<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        guard let presence else { return try await body() }
        return try await Demand.$current.withValue(Demand(isWanted: presence.wants), operation: body)
    }
}
