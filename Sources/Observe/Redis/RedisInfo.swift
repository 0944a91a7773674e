/// The reply to Redis's INFO: lines of `name:value` below headings.
struct RedisInfo {
    private var values: [Substring: Substring] = [:]
    /// Totals of each command. A command's INFO calls are left out: the observer makes them.
    private(set) var commands: [String: CommandTotal] = [:]

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let (name, value) = (line[..<colon], line[line.index(after: colon)...])
            if name.hasPrefix("cmdstat_") {
                add(command: name.dropFirst("cmdstat_".count).lowercased(), value)
            } else {
                values[name] = value
            }
        }
    }

    /// Adds `calls=21,usec=175,usec_per_call=8.33,…`. Fields that it does not know are ignored.
    private mutating func add(command: String, _ text: Substring) {
        guard command != "info" else { return }
        var total = CommandTotal(calls: 0, time: 0)
        for field in text.split(separator: ",") {
            let parts = field.split(separator: "=")
            guard parts.count == 2, let value = Double(parts[1]), value.isFinite else { continue }
            switch parts[0] {
            case "calls": total.calls = value
            case "usec": total.time = value * 1000
            default: break
            }
        }
        commands[command] = total
    }

    private func number(_ name: Substring) -> Double? {
        values[name].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }

    /// The metrics that the reply shows.
    var metrics: [ObservedMetric: Double] {
        var metrics: [ObservedMetric: Double] = [
            .redisCommands: commands.values.reduce(0) { $0 + $1.calls },
            .redisCommandTime: commands.values.reduce(0) { $0 + $1.time },
        ]
        if let system = number("used_cpu_sys"), let user = number("used_cpu_user") {
            metrics[.redisCPU] = (system + user) * 1e9
        }
        metrics[.redisEvictions] = number("evicted_keys")
        metrics[.redisMemory] = number("used_memory")
        return metrics
    }

    /// Whether the reply has anything that an observer needs.
    var isUsable: Bool { !values.isEmpty }
}
