import Trace

/// In reports, times are in milliseconds since the trace began. Members without a value are omitted.
extension AuditFinding: Codable {
    private enum Key: String, CodingKey {
        case verdict, audit, sentence, resolution, examined, breaches, witnesses, staleness, fills
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            audit: try container.decode(String.self, forKey: .audit),
            verdict: try container.decode(AuditVerdict.self, forKey: .verdict),
            sentence: try container.decode(String.self, forKey: .sentence),
            resolution: try container.decodeIfPresent(String.self, forKey: .resolution),
            witnesses: try container.decode([Witness].self, forKey: .witnesses),
            examined: try container.decode(Int.self, forKey: .examined),
            breaches: try container.decode(Int.self, forKey: .breaches),
            curve: try container.decodeIfPresent([StalenessCurve.Bin].self, forKey: .staleness) ?? [],
            fills: try container.decodeIfPresent([FillCount].self, forKey: .fills) ?? [])
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(audit, forKey: .audit)
        try container.encode(sentence, forKey: .sentence)
        try container.encodeIfPresent(resolution, forKey: .resolution)
        try container.encode(examined, forKey: .examined)
        try container.encode(breaches, forKey: .breaches)
        try container.encode(witnesses, forKey: .witnesses)
        if !curve.isEmpty { try container.encode(curve, forKey: .staleness) }
        if !fills.isEmpty { try container.encode(fills, forKey: .fills) }
    }
}

extension AuditFinding.Witness: Codable {
    private enum Key: String, CodingKey {
        case key, sentMs, receivedMs, what
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        key = try container.decode(String.self, forKey: .key)
        sent = try container.time(.sentMs)
        received = try container.timeIfPresent(.receivedMs)
        what = try container.decodeIfPresent(String.self, forKey: .what)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(key, forKey: .key)
        try container.encode(Milliseconds(sent), forKey: .sentMs)
        try container.encodeIfPresent(received.map(Milliseconds.init), forKey: .receivedMs)
        try container.encodeIfPresent(what, forKey: .what)
    }
}

extension StalenessCurve.Bin: Codable {
    private enum Key: String, CodingKey {
        case fromMs, toMs, reads, stale, low, high
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        from = try container.time(.fromMs)
        to = try container.timeIfPresent(.toMs)
        reads = try container.decode(Int.self, forKey: .reads)
        stale = try container.decode(Int.self, forKey: .stale)
        guard (0...reads).contains(stale) else {
            throw DecodingError.dataCorruptedError(
                forKey: .stale, in: container, debugDescription: "more reads are stale than there are")
        }
    }

    /// `low` and `high` are the 95% interval of the probability that a read is stale.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Milliseconds(from), forKey: .fromMs)
        try container.encodeIfPresent(to.map(Milliseconds.init), forKey: .toMs)
        try container.encode(reads, forKey: .reads)
        try container.encode(stale, forKey: .stale)
        try container.encode(interval.lowerBound, forKey: .low)
        try container.encode(interval.upperBound, forKey: .high)
    }
}

extension Milliseconds {
    fileprivate init(_ nanoseconds: Int64) { self.init(Nanoseconds(clamping: nanoseconds)) }
}

extension KeyedDecodingContainer {
    fileprivate func time(_ key: Key) throws -> Int64 {
        Int64(try decode(Milliseconds.self, forKey: key).nanoseconds)
    }

    fileprivate func timeIfPresent(_ key: Key) throws -> Int64? {
        try decodeIfPresent(Milliseconds.self, forKey: key).map { Int64($0.nanoseconds) }
    }
}
