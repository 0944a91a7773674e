package typealias RedisResult = Result<RedisReply, RedisError>

/// Who waits for a command's reply. Resumed exactly once by construction: a waiter leaves the state machine in one
/// action only.
enum RedisWaiter {
    case one(UnsafeContinuation<RedisResult, Never>)
    case first(of: RedisPair)
    case second(of: RedisPair)

    func resume(returning result: RedisResult) {
        switch self {
        case .one(let continuation): continuation.resume(returning: result)
        case .first(let pair): pair.first = result
        case .second(let pair): pair.continuation.resume(returning: (pair.first, result))
        }
    }
}

/// Two commands that are sent together, and one who waits for both replies. Whatever becomes of commands, it becomes of
/// them in the order of their submission: the second reply is the last.
final class RedisPair {
    fileprivate var first: RedisResult = .failure(.unavailable)
    fileprivate let continuation: UnsafeContinuation<(RedisResult, RedisResult), Never>

    init(_ continuation: UnsafeContinuation<(RedisResult, RedisResult), Never>) {
        self.continuation = continuation
    }
}
