import Observe

@testable import Load

extension LoadObservation {
    /// 20 seconds of hits and misses in varying numbers: a hit costs 20 µs of CPU and 2 Redis commands, a miss 100 µs and
    /// 5. A third kind, writes, are a quarter of the misses in each second.
    static func sample(withWrites: Bool = false, seconds: Int = 20) -> LoadObservation {
        let hits = (0..<seconds).map { 1000 + 137 * ($0 % 7) }
        let misses = (0..<seconds).map { 40 + 4 * ($0 * 5 % 11) }
        var server = ObservedSource(name: "pid:7", kind: .process, seconds: [])
        var redis = ObservedSource(name: "redis://127.0.0.1:6379", kind: .redis, seconds: [])
        for second in 0..<seconds {
            let (hit, miss) = (Double(hits[second]), Double(misses[second]))
            server.seconds.append(
                ObservedSecond(
                    second: second, growth: [.cpu: hit * 20_000 + miss * 100_000, .contextSwitches: 1000],
                    levels: [.residentMemory: 18_874_368, .descriptors: 41]))
            redis.seconds.append(
                ObservedSecond(
                    second: second, growth: [.redisCommands: hit * 2 + miss * 5, .redisCPU: 1e8, .redisEvictions: 0],
                    levels: [.redisMemory: 1_048_576]))
        }
        redis.commands = ["get": CommandTotal(calls: 10, time: 12_000), "set": CommandTotal(calls: 1, time: 5000)]
        server.observerCPU = 1_000_000
        var kinds = [ResponseKind(step: "read", classes: ["hit"]), ResponseKind(step: "read", classes: ["miss"])]
        if withWrites { kinds.append(ResponseKind(step: "write", classes: [])) }
        let responses = (0..<seconds).map { [hits[$0], misses[$0]] + (withWrites ? [misses[$0] / 4] : []) }
        return LoadObservation(sources: [server, redis], kinds: kinds, responses: responses)
    }
}
