@testable import Load

extension Simulation {
    /// A random load, server and generator, without faults.
    /// - Parameter milliseconds: the range of the run's duration.
    static func random(_ seed: UInt64, milliseconds: ClosedRange<Int> = 20...1300) -> Simulation {
        var random = SplitMix64(seed: seed)
        func time(_ range: ClosedRange<UInt64>) -> Nanoseconds { UInt64.random(in: range, using: &random) * 1000 }
        let longest = UInt64(milliseconds.upperBound) * 1000
        var simulation = Simulation(seed: seed)
        simulation.settings.virtualUsers = Int.random(in: 1...16, using: &random)
        simulation.settings.duration = .milliseconds(Int.random(in: milliseconds, using: &random))
        if Bool.random(using: &random) { simulation.settings.warmUp = .microseconds(min(longest / 4, 50_000)) }
        simulation.server.concurrency = Int.random(in: 1...8, using: &random)
        if Bool.random(using: &random) {
            let begin = time(0...longest)
            simulation.server.standstills = [begin..<begin + time(1...longest * 2 / 5)]
        }
        if Bool.random(using: &random) {
            let begin = time(0...longest * 3 / 2)
            simulation.generator.stalls = [begin..<begin + time(1...longest / 4)]
        }
        if Int.random(in: 0..<4, using: &random) == 0 { simulation.server.handshake = time(100...2000) }
        if Bool.random(using: &random) { simulation.render() }
        simulation.generator.wakeup = time(0...60)
        simulation.generator.costOfReceive = time(0...20)
        simulation.generator.costOfSend = time(0...20)
        simulation.generator.costOfHandshake = time(0...1000)
        simulation.generator.costOfRendering = time(0...500)
        simulation.server.treat = { _, random in
            .respond(
                after: UInt64.random(in: 100_000...20_000_000, using: &random),
                status: Bool.random(using: &random) ? 200 : 404, pieces: Int.random(in: 1...3, using: &random),
                every: 30_000)
        }
        return simulation
    }

    /// Makes the server fail in every way it can, and starts with few users.
    mutating func makeFaulty() {
        settings.warmUp = .zero
        settings.initialUsers = 2
        steps = [.get(method: seed % 3 == 0 ? "POST" : "GET", timeout: .milliseconds(300))]
        server.treat = { _, random in
            let time = UInt64.random(in: 100_000...20_000_000, using: &random)
            return switch Int.random(in: 0..<20, using: &random) {
            case 0: .reset(after: time)
            case 1: .close(after: time)
            case 2: .truncate(after: time)
            case 3: .ignore
            case 4: .respondAndClose(after: time, isAnnounced: true)
            case 5: .respondAndClose(after: time, isAnnounced: false)
            default: .respond(after: time)
            }
        }
        server.greet = { _, random in
            switch Int.random(in: 0..<10, using: &random) {
            case 0: .refuse(after: 50_000)
            case 1: .ignore
            case 2: .accept(after: 150_000_000)
            default: .accept(after: 100_000)
            }
        }
    }
}
