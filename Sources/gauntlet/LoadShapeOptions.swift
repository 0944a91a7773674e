import ArgumentParser
import Foundation
import Load
import Scenario

/// Options of the load; each overrides the file's value.
struct LoadShapeOptions: ParsableArguments {
    @Option(
        help:
            "Number of virtual users. In the open model, the maximum: users are created as arrivals need them, up to 10000 by default."
    )
    var virtualUsers: Int?

    @Option(help: "Number of source addresses in 127.0.0.0/8 that virtual users share. Loopback servers only.")
    var addresses: Int?

    @Option(help: "Iterations to start per second, such as 2000/s. Selects the open model.")
    var rate: Rate?

    @Option(
        help: ArgumentHelp(
            "Ramp linearly to a rate, such as 5000/s:30s. May be repeated. Selects the open model.",
            valueName: "rate:duration"))
    var stage: [StageArgument] = []

    @Option(help: "Spacing of arrivals: constant or poisson.")
    var arrivals: ArrivalSchedule.Distribution?

    @Option(help: "Seed for random arrivals and random data rows.")
    var seed: UInt64?

    @Option(help: "How long to measure, such as 10s.")
    var duration: Duration?

    @Option(help: "How long to run before measuring.")
    var warmUp: Duration?

    @Option(help: "How long to wait for responses after the measurement, 5s by default.")
    var grace: Duration?

    @Option(help: "Maximum number of requests to measure.")
    var maxRequests: Int?

    @Option(
        help: ArgumentHelp(
            "When to start the warm-up, or else the measurement, such as 2030-01-31T12:00:00Z. Setup runs earlier.",
            valueName: "time"))
    var startAt: StartTime?

    @Option(help: "Number of threads that generate load, one per core by default.")
    var threads: Int?

    @Option(
        help:
            "Busy-wait this long before sleeping, such as 100us. More precise; uses a whole core."
    )
    var spin: Duration?

    @Flag(
        help:
            "Rest up to 30 µs between reads when that raises throughput; raises the measured times of fast responses. The closed model."
    )
    var batchWakeUps = false

    func validate() throws {
        for (name, value, most) in [
            ("virtual-users", virtualUsers, EngineSettings.mostUsers),
            ("addresses", addresses, EngineSettings.mostAddresses),
        ] {
            guard let value, !(1...most).contains(value) else { continue }
            throw ValidationError("--\(name) \(value): must be from 1 to \(most)")
        }
        if let threads, threads < 1 { throw ValidationError("--threads \(threads): must be at least 1") }
        if let maxRequests, maxRequests < 1 {
            throw ValidationError("--max-requests \(maxRequests): must be at least 1")
        }
        if let duration, duration <= .zero { throw ValidationError("--duration: must be greater than zero") }
        let rates = [rate].compactMap(\.self) + stage.map(\.stage.target)
        if !rates.isEmpty, rates.allSatisfy({ $0.perSecond <= 0 }) {
            throw ValidationError(
                "\(rate == nil ? "--stage" : "--rate"): must be greater than zero, or no iteration ever starts")
        }
    }

    /// An error message if an option has no meaning in this load's model.
    func conflict(with scenario: Scenario) -> String? {
        guard rate == nil, stage.isEmpty, scenario.load.arrivals == nil else {
            return batchWakeUps ? "--batch-wake-ups belongs to the closed model, and this load is open" : nil
        }
        let help = "belongs to the open model, and this load is closed: set --rate, or \"rate\" in the file"
        if arrivals != nil { return "--arrivals \(help)" }
        // In the closed model, the seed is still used for random data rows.
        if seed != nil, scenario.data?.order != .random { return "--seed \(help)" }
        return nil
    }

    var options: LoadOptions {
        var options = LoadOptions()
        options.virtualUsers = virtualUsers
        options.addresses = addresses
        options.rate = rate
        options.stages = stage.map(\.stage)
        options.arePoisson = arrivals.map { $0 == .poisson }
        options.seed = seed
        options.duration = duration
        options.warmUp = warmUp
        options.grace = grace
        options.maximumRequests = maxRequests
        options.startAt = startAt?.instant
        options.spin = spin
        options.batchesWakeUps = batchWakeUps
        options.threads = threads
        return options
    }
}

struct StageArgument: ExpressibleByArgument {
    let stage: LoadSettings.Stage

    init?(argument: String) {
        let parts = argument.split(separator: ":")
        guard parts.count == 2, let target = Rate(argument: String(parts[0])),
            let duration = Duration(parsing: String(parts[1]))
        else { return nil }
        stage = LoadSettings.Stage(target: target, duration: duration)
    }
}

/// An instant in RFC 3339 format.
struct StartTime: ExpressibleByArgument {
    /// Seconds since 1970-01-01T00:00:00Z.
    let instant: Double

    init?(argument: String) {
        let date =
            (try? Date(argument, strategy: .iso8601))
            ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(argument))
        guard let date else { return nil }
        instant = date.timeIntervalSince1970
    }
}

extension Rate: ExpressibleByArgument {
    /// A number without a unit is per second.
    public init?(argument: String) {
        self.init(parsing: argument.contains("/") ? argument : "\(argument)/s")
    }
}

extension Duration: @retroactive ExpressibleByArgument {
    public init?(argument: String) { self.init(parsing: argument) }
}

extension ArrivalSchedule.Distribution: ExpressibleByArgument {}
