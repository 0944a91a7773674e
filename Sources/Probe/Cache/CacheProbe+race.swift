extension CacheProbe {
    private static let raceRounds = 40
    private static let fewestRaces = 24
    /// How many reads must span a write before their silence counts.
    static let fewestSpans = 12

    /// A read that misses, and a write meanwhile: does the read store the old value after the write has invalidated?
    mutating func planRace(_ round: Int) {
        guard mode == .fresh, round < Self.raceRounds, requestsLeft >= 6, raceWitnesses.count < 2,
            round < Self.fewestRaces || spans < Self.fewestSpans
        else { return stage = .stampede(0) }
        stage = .race(round + 1)
        begin(.race, [.write, .race(offset: raceOffset(round)), .read(.after), .rest(0.3), .read(.late)])
    }

    /// Seconds from the read to the write; negative if the write is sent first.
    private func raceOffset(_ round: Int) -> Double {
        let writes = history.writeDurations.sorted()
        let misses = history.trials.filter { $0.kind == .freshness }.flatMap { $0.sightings(.first) }
            .map(\.exchange.duration).sorted()
        let write = writes.isEmpty ? 0.005 : writes[writes.count / 2]
        let read = misses.isEmpty ? 0.005 : misses[misses.count / 2]
        // The golden ratio spreads the offsets evenly, however many there are.
        let share = (0.618_033_988_75 * Double(round + 1)).truncatingRemainder(dividingBy: 1)
        return -write + share * (write + read)
    }

    /// Experiments after which an old value stayed.
    var raceWitnesses: [CacheTrial] {
        history.trials.filter { trial in
            trial.kind == .race && trial.sighting(.after)?.isStale == true && trial.sighting(.late)?.isStale == true
        }
    }

    /// The reads that showed the old value after the write had been acknowledged.
    var spans: Int {
        history.trials.count { trial in
            guard trial.kind == .race, !trial.isVoid, let read = trial.sighting(.racing),
                let write = trial.exchanges.last(where: { $0.role == .racing })?.exchange,
                case .write(let number) = write.action
            else { return false }
            return read.version < number && read.received > write.received && !read.isForeign
                && signal?.isHit(read.exchange) != true
        }
    }
}
