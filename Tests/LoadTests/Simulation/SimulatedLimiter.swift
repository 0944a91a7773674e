@testable import Load

/// A limiter of the simulated server: a sliding window for each client, with known decision times.
final class SimulatedLimiter {
    /// A decision on one request. Times are relative to the run's start.
    struct Decision {
        var slot: Int
        var time: Nanoseconds
        var isAdmitted: Bool
    }

    let limit: Int
    let window: Nanoseconds
    /// How long after it was admitted a request begins to count. Zero for a correct limiter; otherwise requests that
    /// arrive in between are admitted too, as with a count that is read and then written.
    let race: Nanoseconds
    private(set) var decisions: [Decision] = []
    /// When the admitted requests of each client were admitted.
    private var admitted: [Int: [Nanoseconds]] = [:]

    init(limit: Int, window: Nanoseconds, race: Nanoseconds = 0) {
        self.limit = limit
        self.window = window
        self.race = race
    }

    /// Decides on a request at the moment it arrives.
    func treat(_ request: SimulatedServer.Request, client: Int, after work: Nanoseconds) -> SimulatedServer.Treatment {
        let now = request.time
        let counted = (admitted[client] ?? []).count { $0 + race <= now && now < $0 + window }
        let isAdmitted = counted < limit
        if isAdmitted { admitted[client, default: []].append(now) }
        decisions.append(Decision(slot: request.slot, time: now, isAdmitted: isAdmitted))
        return .respond(after: work, status: isAdmitted ? 200 : 429)
    }
}
