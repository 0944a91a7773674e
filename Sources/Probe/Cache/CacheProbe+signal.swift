extension CacheProbe {
    /// A read that follows another by less than this many seconds repeats it.
    private static let repeatWithin = 0.3

    /// Looks for the clearest sign of a hit.
    ///
    /// Thresholds stay as they were found first, so that earlier conclusions hold.
    mutating func findSignal() {
        guard let found = HitSignal.find(samples) else { return }
        if let signal, signal.source == found.source, [.age, .time].contains(found.source) { return }
        if let signal, !signal.isWeak, found.isWeak { return }
        signal = found
    }

    var samples: HitSignal.Samples {
        var samples = HitSignal.Samples()
        var previous: CacheSighting?
        for sighting in history.reads {
            defer { previous = sighting }
            guard sighting.user == 0, sighting.exchange.action == .read, !sighting.isForeign else { continue }
            samples.all.append(sighting.exchange)
            if sighting.isStale, isProved(sighting) {
                samples.stale.append(sighting.exchange)
                samples.hits.append(sighting.exchange)
            } else if sighting.isFirst {
                samples.misses.append(sighting.exchange)
            } else if let previous, previous.user == 0, previous.version == sighting.version,
                previous.acknowledged == sighting.acknowledged, sighting.sent >= previous.received,
                sighting.sent - previous.received < Self.repeatWithin
            {
                samples.hits.append(sighting.exchange)
            }
        }
        return samples
    }

    /// Whether a later read showed the value that this one lacks: the write was not lost.
    func isProved(_ sighting: CacheSighting) -> Bool { history.latestShown >= sighting.acknowledged }
}
