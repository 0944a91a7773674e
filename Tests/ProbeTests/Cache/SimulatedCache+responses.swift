import Probe

extension SimulatedCache {
    func key(_ request: CacheRequest) -> String {
        let user = policy.isPerUser ? "\(request.user)/" : "0/"
        return user + (request.isVaried && policy.variation != .ignored ? "varied" : "")
    }

    func body(_ request: CacheRequest, at now: Double) -> Body {
        let visible = writes.filter { $0.at <= now }.map(\.number)
        let isHidden = policy.isPrivate && request.user != 0
        let shown = isHidden ? [] : policy.isList ? visible : Array(visible.suffix(1))
        var body = Body(shows: Set(shown))
        if request.isVaried, policy.variation != .none { body.type = "text/csv" }
        body.tag = policy.etag == .right ? "\"\(request.user)-\(visible.count)-\(body.type)\"" : "\"constant\""
        return body
    }

    /// Adds what a read shows, and the fields.
    func describe(_ flight: Flight, in exchange: inout CacheExchange) {
        let body = flight.body
        exchange.shows = body.shows
        exchange.digest = UInt64(bitPattern: Int64("\(body.shows.sorted()) \(body.type)".hashValue))
        exchange.fields = [("Content-Type", body.type), ("Date", "\(exchange.received)")]
        if policy.variation == .right || policy.variation == .ignored { exchange.fields.append(("Vary", "Accept")) }
        if policy.etag != .absent {
            exchange.fields.append(("ETag", body.tag))
            if case .conditionalRead(body.tag) = flight.request.action {
                exchange.status = 304
                exchange.shows = []
            }
        }
        if let life = policy.promisedLife { exchange.fields.append(("Cache-Control", "private, max-age=\(life)")) }
        guard policy.ttl != nil else { return }
        if policy.visibility == .header { exchange.fields.append(("x-cache-status", flight.state)) }
        if policy.visibility == .member {
            exchange.markers = ["source": flight.state == "HIT" ? "cache" : "database", "title": "\(body.shows.count)"]
        }
        switch (policy.age, flight.age) {
        case (.absent, _): break
        case (.right, let age?): exchange.fields.append(("Age", "\(age)"))
        case (.wrong, let age?): exchange.fields.append(("Age", "\(3 * age + 5)"))
        case (_, nil): if policy.hasAgeOnMiss { exchange.fields.append(("Age", "0")) }
        }
    }
}

extension CacheRequest {
    fileprivate var isVaried: Bool {
        if case .variedRead = action { true } else { false }
    }
}
