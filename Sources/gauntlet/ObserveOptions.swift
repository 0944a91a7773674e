import ArgumentParser
import Glibc
import Observe

/// What to observe during a load.
struct ObserveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Observe part of the server under test once per second, and report what responses cost: pid:NUMBER (with its descendants), redis://…, unix://… (Redis) or postgres://…. May be repeated. --serve observes the command.",
            valueName: "source"))
    var observe: [String] = []

    func validate() throws { _ = try parsed() }

    /// The sources to observe.
    /// - Parameter served: the process that `--serve` started.
    func sources(served: pid_t?) throws -> [ObservationSource] {
        let parsed = try parsed()
        guard let served else { return parsed }
        return [.process(served)] + parsed
    }

    private func parsed() throws -> [ObservationSource] {
        try observe.map { text in
            // The value is not repeated: it may hold a password.
            do throws(ObservationError) { return try ObservationSource(parsing: text) } catch {
                throw ValidationError("--observe: \(error)")
            }
        }
    }
}
