extension CacheProbe {
    /// The next request or wait of the first step; nil once the step is done.
    mutating func perform() -> CacheExperiment? {
        switch steps[0] {
        case .wait(let instant):
            if now < instant { return wait(until: instant) }
        case .rest(let seconds):
            steps[0] = .wait(until: now + seconds)
            return nil
        case .idle(let seconds):
            let instant = (history.reads.last?.received ?? now) + seconds
            if now < instant { return wait(until: instant) }
        case .age(let seconds):
            let instant = fillTime + seconds
            if now < instant { return wait(until: instant) }
        case .write: return send([CacheRequest(action: nextWrite())])
        case .read(_, let user): return send([CacheRequest(action: .read, user: user)])
        case .fill: return send([CacheRequest(action: .read)])
        case .poll(let age):
            let instant = fillTime + age
            return now < instant ? wait(until: instant) : send([CacheRequest(action: .read)])
        case .conditional:
            guard let etag = trial?.reads.first?.sighting.exchange.etag else { break }
            return send([CacheRequest(action: .conditionalRead(etag: etag))])
        case .varied(let index): return send([CacheRequest(action: .variedRead(index))])
        case .race(let offset):
            let read = CacheRequest(action: .read, offset: max(0, -offset))
            return send([read, CacheRequest(action: nextWrite(), offset: max(0, offset))], isTogether: true)
        case .crowd(let count):
            return send(Array(repeating: CacheRequest(action: .read), count: count), isTogether: true)
        }
        steps.removeFirst()
        return nil
    }

    private var fillTime: Double { trial?.fill?.received ?? now }

    /// Takes the result of a step: some decide what follows.
    mutating func advance(_ step: CacheStep, _ exchanges: [CacheExchange], _ sightings: [CacheSighting?]) {
        guard case .some(.some(let sighting)) = sightings.first else {
            if case .poll(let age) = step { steps.insert(.poll(age: age), at: 0) }
            if case .fill = step { abandon() }
            return
        }
        switch step {
        case .fill(let gap): advanceFill(sighting, gap: gap)
        case .read(.fill, _):
            if mode == .fresh, signal?.isHit(sighting.exchange) == true { return abandon() }
            setFill(sighting)
        case .poll(let age): advancePoll(sighting, age: age)
        case .read(.test, user: 0) where isExpired(sighting) == true && signal?.isWeak != true: steps = []
        case .read(.after, user: 0) where trial?.kind == .race && !sighting.isStale: steps = []
        default: break
        }
    }

    /// Gives up the current experiment.
    private mutating func abandon() {
        trial?.isVoid = true
        steps = []
    }

    private mutating func advanceFill(_ sighting: CacheSighting, gap: Double) {
        if sighting.isFirst, sighting.isFresh { return setFill(sighting) }
        // Without a first showing the age of the entry is not known.
        if sighting.isFresh || now > fillDeadline { return abandon() }
        let isFirst = trial?.reads.count { $0.role == .fill } == 1
        steps.insert(contentsOf: [.rest(isFirst ? shortGap : gap), .fill(gap: isFirst ? gap : gap * 1.5)], at: 0)
    }

    private mutating func setFill(_ sighting: CacheSighting) {
        let start = fillStart(of: sighting)
        trial?.fill = sighting
        trial?.fillStart = start
    }

    /// Polls twice at each age if only stale values show hits: a background refresh becomes visible by the second.
    private mutating func advancePoll(_ sighting: CacheSighting, age: Double) {
        let isExpired = isExpired(sighting)
        if isExpired == true || age > longestAge || (isExpired == nil && signal?.source != .age) { return }
        let polls = trial?.reads.count { $0.role == .poll } ?? 0
        if mode == .stale, !polls.isMultiple(of: 2) {
            steps.insert(contentsOf: [.rest(shortGap), .poll(age: age)], at: 0)
        } else {
            let reached = max(age, sighting.sent - fillTime)
            steps.insert(.poll(age: max(reached * 1.5, 0.05)), at: 0)
        }
    }
}

extension CacheStep {
    var role: CacheTrial.Role {
        switch self {
        case .read(let role, _): role
        case .fill: .fill
        case .poll: .poll
        case .conditional(let role): role
        case .varied: .varied
        case .race: .racing
        case .crowd: .racing
        case .wait, .rest, .idle, .age, .write: .before
        }
    }
}
