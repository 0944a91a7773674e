import Scenario
import Synchronization

/// Runs the setup or teardown of all users, a few users at a time.
struct SetupRun: Sendable {
    let scenario: Scenario
    let steps: [Step]
    let target: LoadTarget
    let settings: EngineSettings
    let sources: TemplateSources
    /// The secrets known before. Each user adds its own without copying them; there may be thousands of users and
    /// secrets.
    let secrets: Secrets
    /// Whether all steps run even if some fail.
    let isTeardown: Bool
    let stop: StopRequest

    /// A user's own state.
    struct User: Sendable {
        var variables: [String: JSON]
        var cookies: CookieJar
    }

    struct Outcome: Sendable {
        /// Each user's state afterwards, in order.
        var users: [User]
        /// How many users have begun; they are the first ones. In setup, none begins after a failure.
        var begun = 0
        /// A branch of the secrets known before, with those that users have added.
        var secrets: Secrets
        /// The first failure.
        var fault: Diagnostic?
    }

    /// Users at a time: enough to keep a server busy that hashes passwords slowly, too few to overwhelm it.
    private static let width = 16

    /// - Parameter users: each user's state before.
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
        // If no thread could be created, the work is done here.
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

    /// - Parameter known: a branch of the secrets without additions.
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
