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

    package init() {}
}

extension EngineSettings {
    /// - Throws: if connections cannot come from the requested address.
    init(_ scenario: Scenario, options: LoadOptions, target: LoadTarget) throws(LoadError) {
        self.init()
        let load = scenario.load
        warmUp = options.warmUp ?? load.warmUp ?? warmUp
        let arrivals = Self.arrivals(load, options)
        if let arrivals {
            var profile = RateProfile(rate: arrivals.rate?.perSecond ?? 0)
            profile.hold(for: warmUp.seconds)
            for stage in arrivals.stages { profile.append(to: stage.target.perSecond, over: stage.duration.seconds) }
            var model = LoadModel.Arrivals(profile: profile)
            model.distribution = arrivals.arePoisson ? .poisson : .constant
            model.seed = options.seed ?? load.seed ?? model.seed
            self.model = .open(model)
        }
        let explicitUsers = options.virtualUsers ?? load.virtualUsers
        if arrivals == nil {
            virtualUsers = explicitUsers ?? virtualUsers
        } else if load.isSetUpPerUser || scenario.data != nil {
            // Each user has its own values from the start, so the number of users must be known.
            virtualUsers = explicitUsers ?? Self.usersAtStart
        } else {
            virtualUsers = explicitUsers ?? Self.mostUsersByDefault
            initialUsers = Self.usersAtStart
            mayReduceUsers = explicitUsers == nil
        }
        let staged = arrivals?.stages.reduce(Duration.zero) { $0 + $1.duration } ?? .zero
        duration = options.duration ?? load.duration ?? (staged > .zero ? staged : duration)
        maximumRequests = options.maximumRequests ?? load.maximumRequests
        startAt = options.startAt
        grace = options.grace ?? grace
        spin = options.spin ?? spin
        if options.batchesWakeUps { batchingRate = WakeUpBatching.worthwhileRate }
        threads = options.threads ?? threads
        if let addresses = options.addresses, !target.isIPv4Loopback {
            throw .invalid(
                setting: "--addresses \(addresses)",
                reason: "the server's address, \(target.address), is not in 127.0.0.0/8")
        }
        if let addresses = options.addresses ?? load.addresses, target.isIPv4Loopback {
            sources = .pool(first: Self.freshAddress(), count: addresses)
            return
        }
        switch scenario.client.address {
        case .own where target.isIPv4Loopback:
            sources = .own(first: Self.freshAddress())
        case .own, .each, .shared, nil: sources = .shared
        case .fixed(let text): sources = .fixed(try target.source(text))
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
