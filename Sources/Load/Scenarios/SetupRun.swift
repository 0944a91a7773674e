import Scenario
import Synchronization

/// Carries out setup or teardown for one user after another, a few of them at once.
struct SetupRun: Sendable {
    let scenario: Scenario
    let steps: [Step]
    let target: LoadTarget
    let settings: EngineSettings
    let sources: TemplateSources
    /// What is known before. Each user adds its own without copying it: there may be thousands of both.
    let secrets: Secrets
    /// Whether everything is to be carried out, whatever fails.
    let isTeardown: Bool
    let stop: StopRequest

    /// What a user has for itself.
    struct User: Sendable {
        var variables: [String: JSON]
        var cookies: CookieJar
    }

    struct Outcome: Sendable {
        /// What each user has afterwards, in their order.
        var users: [User]
        /// How many of them have begun, the first ones: in setup, none does after a fault.
        var begun = 0
        /// A branch of those known before, with what users have added.
        var secrets: Secrets
        /// The first thing that went wrong.
        var fault: Diagnostic?
    }

    /// Users at once: enough to keep a server busy that takes its time over passwords, too few to drown it.
    private static let width = 16

    /// - Parameter users: what each user has before.
    func run(_ users: [User]) -> Outcome {
        let known = secrets.branch()
        let outcome = Mutex(Outcome(users: users, secrets: known))
        let work: @Sendable () -> Void = {
            while let user = outcome.withLock({ next(&$0) }) {
                let (state, secrets, fault) = self.run(user, users[user], known)
                outcome.withLock { outcome in
                    outcome.users[user] = state
                    outcome.secrets.formUnion(additionsOf: secrets)
                    outcome.fault = outcome.fault ?? fault
                }
            }
        }
        let threads = (0..<min(Self.width, users.count)).compactMap { _ in try? EngineThread(work) }
        for thread in threads { thread.join() }
        // Without any thread of its own it is done here.
        work()
        return outcome.withLock { $0 }
    }

    private func next(_ outcome: inout Outcome) -> Int? {
        guard outcome.begun < outcome.users.count, isTeardown || outcome.fault == nil && !stop.isRaised else {
            return nil
        }
        outcome.begun += 1
        return outcome.begun - 1
    }

    /// - Parameter known: a branch without additions.
    private func run(_ user: Int, _ state: User, _ known: Secrets) -> (User, Secrets, Diagnostic?) {
        let client = SequentialClient(
            target: target.address, tls: target.tls, source: settings.sources.address(user: user),
            settings: settings, stop: stop)
        var sequence = StepSequence(
            file: scenario.file, target: target, client: client,
            scope: Scope(variables: state.variables, context: sources.context(user: user)), cookies: state.cookies,
            secrets: known, stop: stop)
        let fault = sequence.run(steps, isTeardown: isTeardown)
        return (User(variables: sequence.scope.variables, cookies: sequence.cookies), sequence.secrets, fault)
    }
}
