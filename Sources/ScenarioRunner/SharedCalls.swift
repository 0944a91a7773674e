import Scenario
import Synchronization

/// The calls that a run makes once: whoever comes first makes one, the others wait for it and take over what it gave.
package final class SharedCalls: Sendable {
    private struct Key: Hashable {
        var path: String
        var parameters: [String: JSON]
    }

    /// Locked while the call is under way. Those who wait are threads of their own, each a scenario's.
    private final class Entry: Sendable {
        let outcome = Mutex<CallOutcome?>(nil)
    }

    private let entries = Mutex<[Key: Entry]>([:])

    package init() {}

    /// - Parameter isOurs: set to whether it was made now, by the caller.
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

/// What carrying out another file's steps gave.
struct CallOutcome: Sendable {
    var results: [StepResult]
    var variables: [String: JSON]
    var secrets: Secrets
}
