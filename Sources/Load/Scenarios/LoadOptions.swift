import Scenario

/// What the command line says about a load; nil leaves it to the file, and then to the defaults.
package struct LoadOptions: Sendable {
    package var virtualUsers: Int?
    package var duration: Duration?
    package var warmUp: Duration?
    package var threads: Int?

    package init() {}
}

extension EngineSettings {
    init(_ scenario: Scenario, options: LoadOptions, target: LoadTarget) {
        self.init()
        virtualUsers = options.virtualUsers ?? scenario.load.virtualUsers ?? virtualUsers
        duration = options.duration ?? scenario.load.duration ?? duration
        warmUp = options.warmUp ?? scenario.load.warmUp ?? warmUp
        threads = options.threads ?? threads
        switch scenario.client.address {
        case .own where target.address.isLoopback: sources = .own(first: Self.freshAddress())
        case .own, .shared, nil: sources = .shared
        case .fixed(let text): sources = SocketAddress(numeric: text).map { .fixed($0) } ?? .shared
        }
    }

    private static func freshAddress() -> UInt32 {
        var generator = SystemRandomNumberGenerator()
        return SourceAddresses.randomFirst(using: &generator)
    }
}
