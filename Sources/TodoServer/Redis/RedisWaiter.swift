package typealias RedisResult = Result<RedisReply, RedisError>

/// What became of a command, and of which Redis it was asked.
package struct RedisAnswer: Sendable {
    package var result: RedisResult
    /// The Redis at the other end of the connection; nil where there was no connection.
    package var identity: RedisIdentity?
}

/// Waits for a command's reply. Resumed exactly once by construction: a waiter leaves the state machine in one
/// action only.
struct RedisWaiter {
    let continuation: UnsafeContinuation<RedisAnswer, Never>
    let identity: RedisIdentity?

    func resume(returning result: RedisResult) {
        continuation.resume(returning: RedisAnswer(result: result, identity: identity))
    }
}
