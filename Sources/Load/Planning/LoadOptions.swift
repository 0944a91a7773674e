import Scenario

/// The load options of the command line. Nil leaves an option to the file, and then to its default.
package struct LoadOptions: Sendable {
    package var virtualUsers: Int?
    package var addresses: Int?
    /// Selects the open model and overrides the file's rate and stages.
    package var rate: Rate?
    package var stages: [LoadSettings.Stage] = []
    package var arePoisson: Bool?
    package var seed: UInt64?
    package var duration: Duration?
    package var warmUp: Duration?
    package var grace: Duration?
    package var maximumRequests: Int?
    /// Seconds since 1970-01-01T00:00:00Z.
    package var startAt: Double?
    package var spin: Duration?
    /// Whether threads may rest between reads. See ``WakeUpBatching``.
    package var batchesWakeUps = false
    package var threads: Int?
    /// The file to record all requests in.
    package var trace: String?

    package init() {}
}

extension EngineSettings {
    /// - Throws: if connections cannot come from the requested address.
    init(_ scenario: Scenario, options: LoadOptions, target: LoadTarget) throws(LoadError) {
        self.init()
        let load = scenario.load
        let arrivals = Self.arrivals(load, options)
        warmUp = options.warmUp ?? load.warmUp ?? warmUp
        duration = options.duration ?? load.duration ?? arrivals?.duration ?? duration
        maximumRequests = options.maximumRequests ?? load.maximumRequests
        startAt = options.startAt
        grace = options.grace ?? grace
        spin = options.spin ?? spin
        threads = options.threads ?? threads
        if options.batchesWakeUps { batchingRate = WakeUpBatching.worthwhileRate }
        if let arrivals { model = .open(LoadModel.Arrivals(arrivals, after: warmUp, seed: options.seed ?? load.seed)) }
        setUsers(
            options.virtualUsers ?? load.virtualUsers, haveOwnValues: load.isSetUpPerUser || scenario.data != nil)
        sources = try Self.sources(scenario, options, target)
    }

    /// - Parameters:
    ///   - count: the number of virtual users if one is given.
    ///   - haveOwnValues: whether each has its own values from the start, so that their number must be known.
    private mutating func setUsers(_ count: Int?, haveOwnValues: Bool) {
        if !model.isOpen {
            virtualUsers = count ?? virtualUsers
        } else if haveOwnValues {
            virtualUsers = count ?? Self.usersAtStart
        } else {
            virtualUsers = count ?? Self.mostUsersByDefault
            initialUsers = Self.usersAtStart
            mayReduceUsers = count == nil
        }
    }

    private static func sources(
        _ scenario: Scenario, _ options: LoadOptions, _ target: LoadTarget
    ) throws(LoadError) -> SourceAddresses {
        let isLoopback = target.isIPv4Loopback
        if let addresses = options.addresses, !isLoopback {
            throw .invalid(
                setting: "--addresses \(addresses)",
                reason: "the server's address, \(target.address), is not in 127.0.0.0/8")
        }
        if let addresses = options.addresses ?? scenario.load.addresses, isLoopback {
            return .pool(first: freshAddress(), count: addresses)
        }
        return switch scenario.client.address {
        case .own where isLoopback: .own(first: freshAddress())
        case .own, .each, .shared, nil: .shared
        case .fixed(let text): .fixed(try target.source(text))
        }
    }

    /// Virtual users in the open model: the initial number, and the maximum if none is given.
    private static var usersAtStart: Int { 100 }
    private static var mostUsersByDefault: Int { 10_000 }

    /// The arrivals to make. The command line overrides the file.
    private static func arrivals(_ load: LoadSettings, _ options: LoadOptions) -> LoadSettings.Arrivals? {
        var arrivals = load.arrivals
        if options.rate != nil || !options.stages.isEmpty {
            arrivals = LoadSettings.Arrivals(
                rate: options.rate, stages: options.stages, arePoisson: load.arrivals?.arePoisson ?? false)
        }
        if let arePoisson = options.arePoisson { arrivals?.arePoisson = arePoisson }
        return arrivals
    }

    private static func freshAddress() -> UInt32 {
        var generator = SystemRandomNumberGenerator()
        return SourceAddresses.randomFirst(using: &generator)
    }
}

extension LoadSettings.Arrivals {
    /// How long the stages take; nil if they take no time.
    fileprivate var duration: Duration? {
        let sum = stages.reduce(Duration.zero) { $0 + $1.duration }
        return sum > .zero ? sum : nil
    }
}

extension LoadModel.Arrivals {
    /// - Parameter warmUp: how long the first rate holds before the stages begin.
    fileprivate init(_ arrivals: LoadSettings.Arrivals, after warmUp: Duration, seed: UInt64?) {
        var profile = RateProfile(rate: arrivals.rate?.perSecond ?? 0)
        profile.hold(for: warmUp.seconds)
        for stage in arrivals.stages { profile.append(to: stage.target.perSecond, over: stage.duration.seconds) }
        self.init(profile: profile)
        distribution = arrivals.arePoisson ? .poisson : .constant
        self.seed = seed ?? self.seed
    }
}
