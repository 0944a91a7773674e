package typealias RedisResult = Result<RedisReply, RedisError>

/// The result of a command, and the Redis that it was sent to.
package struct RedisAnswer: Sendable {
    package var result: RedisResult
    /// The connected Redis; nil if there was no connection.
    package var identity: RedisIdentity?
}

/// Waits for a command's reply. It is resumed exactly once, because it leaves the state machine in exactly one action.
struct RedisWaiter {
    let continuation: UnsafeContinuation<RedisAnswer, Never>
    let identity: RedisIdentity?

    func resume(returning result: RedisResult) {
        continuation.resume(returning: RedisAnswer(result: result, identity: identity))
    }
}
