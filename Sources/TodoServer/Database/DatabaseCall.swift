import NIOCore
import Synchronization

/// One use of the database, from the moment it is asked for until its caller has a result. It waits, then runs, then is
/// over; its caller gets exactly one result, from the work or from a deadline, whichever is first.
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
    /// When the caller has a result at the latest.
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

    /// Whether the work is to be done. If not, the caller has its result already. Work that has begun is finished, whether
    /// anybody waits for it or not.
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

    /// Gives the caller its result, unless it has one.
    func finish(_ result: Result<Value, any Error>) {
        take { _ in true }?.resume(with: result)
    }

    /// Gives the caller a result if a deadline has passed.
    func check(now: NIODeadline) {
        if now >= endsBy, let caller = take({ if case .running = $0 { true } else { false } }) {
            caller.resume(throwing: kind.failure("no result in time"))
        } else if now >= beginsBy, let caller = take({ if case .waiting = $0 { true } else { false } }) {
            caller.resume(throwing: DatabaseFailure.waitedTooLong)
        }
    }

    /// The caller, and the call is over; nil where it is over already or in another phase.
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

/// What losing sight of a call means.
enum DatabaseCallKind: Sendable {
    case read, write

    /// The work had begun, and its result is not known.
    func failure(_ reason: String) -> DatabaseFailure {
        switch self {
        case .read: .readFailed(reason)
        case .write: .outcomeUnknown(reason)
        }
    }
}

/// A call without the type of its result.
protocol WatchedCall: AnyObject, Sendable {
    var isOver: Bool { get }
    func check(now: NIODeadline)
}
