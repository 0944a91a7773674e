import NIOCore
import Synchronization

/// One database operation, from its request until its caller has a result.
///
/// It waits, runs, and is over. The caller gets exactly one result: from the work or from a deadline, whichever comes
/// first.
final class DatabaseCall<Value: Sendable>: WatchedCall {
    private typealias Caller = CheckedContinuation<Value, any Error>

    private enum Phase {
        case waiting(Caller)
        case running(Caller)
        case over
    }

    private let kind: DatabaseCallKind
    private let demand: Demand?
    private let asked: NIODeadline
    private let beginsBy: NIODeadline
    /// The time by which the caller gets a result.
    let endsBy: NIODeadline
    private let phase: Mutex<Phase>

    init(
        _ kind: DatabaseCallKind, times: DatabaseTimes, now: NIODeadline = .now(), demand: Demand?,
        caller: CheckedContinuation<Value, any Error>
    ) {
        self.kind = kind
        self.demand = demand
        asked = now
        beginsBy = now + times.begin
        endsBy = now + times.total
        phase = Mutex(.waiting(caller))
    }

    var isOver: Bool { phase.withLock { if case .over = $0 { true } else { false } } }

    /// Begins the work. Returns false if it must not be done; the caller then has its result already.
    ///
    /// Work that has begun is finished, even if its caller no longer waits.
    func begin(now: NIODeadline = .now()) -> Bool {
        let isWanted = demand?.isWanted(after: now - asked) ?? true
        let (begins, refused): (Bool, Caller?) = phase.withLock { phase in
            guard case .waiting(let caller) = phase else { return (false, nil) }
            guard isWanted, now < beginsBy else {
                phase = .over
                return (false, caller)
            }
            phase = .running(caller)
            return (true, nil)
        }
        refused?.resume(throwing: isWanted ? DatabaseFailure.waitedTooLong : Abandoned())
        return begins
    }

    /// Gives the caller its result, unless it already has one.
    func finish(_ result: Result<Value, any Error>) {
        take { _ in true }?.resume(with: result)
    }

    /// Fails the call if a deadline has passed.
    func check(now: NIODeadline) {
        if now >= endsBy, let caller = take({ if case .running = $0 { true } else { false } }) {
            caller.resume(throwing: kind.failure("no result in time"))
        } else if now >= beginsBy, let caller = take({ if case .waiting = $0 { true } else { false } }) {
            caller.resume(throwing: DatabaseFailure.waitedTooLong)
        }
    }

    /// Ends the call and returns its caller; nil if the call is over already or in another phase.
    private func take(_ isMeant: (Phase) -> Bool) -> Caller? {
        phase.withLock { phase in
            guard isMeant(phase) else { return nil }
            defer { phase = .over }
            return switch phase {
            case .waiting(let caller), .running(let caller): caller
            case .over: nil
            }
        }
    }
}

/// Whether a call reads or writes, which decides what a lost result means.
enum DatabaseCallKind: Sendable {
    case read, write

    /// The failure for work that had begun and whose result is unknown.
    func failure(_ reason: String) -> DatabaseFailure {
        switch self {
        case .read: .readFailed(reason)
        case .write: .outcomeUnknown(reason)
        }
    }
}

/// A database call without its result type.
protocol WatchedCall: AnyObject, Sendable {
    var isOver: Bool { get }
    func check(now: NIODeadline)
}
