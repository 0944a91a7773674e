import Scenario
import Synchronization

/// The calls that a run makes only once: the first caller runs the steps, the others wait and take over its outcome.
package final class SharedCalls: Sendable {
    private struct Key: Hashable {
        var path: String
        var parameters: [String: JSON]
    }

    /// Locked while the call runs. Waiting on it blocks a thread that belongs to one scenario only.
    private final class Entry: Sendable {
        let outcome = Mutex<CallOutcome?>(nil)
    }

    private let entries = Mutex<[Key: Entry]>([:])

    package init() {}

    /// - Parameter isOurs: set to true if this caller ran the call, false if it took over another's outcome.
    func outcome(
        of call: CallStep, _ parameters: [String: JSON], isOurs: inout Bool, _ make: () -> CallOutcome
    ) -> CallOutcome {
        let key = Key(path: call.scenario.file.path, parameters: parameters)
        let entry = entries.withLock { entries in
            let entry = entries[key] ?? Entry()
            entries[key] = entry
            return entry
        }
        let (outcome, isMade) = entry.outcome.withLock { known in
            if let known { return (known, false) }
            let made = make()
            known = made
            return (made, true)
        }
        isOurs = isMade
        return outcome
    }
}

/// The outcome of running another file's steps.
struct CallOutcome: Sendable {
    var results: [StepResult]
    var variables: [String: JSON]
    var secrets: Secrets
}
