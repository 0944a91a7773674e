/// One of the runs that a merged result is made of.
package struct Part: Equatable, Codable, Sendable {
    /// The file that it was read from.
    package var name: String
    /// Of its histograms: the same run twice has the same one.
    package var fingerprint: String
    /// Why it is invalid; empty where it is valid.
    package var invalid: [String]
}

extension LoadResult {
    /// The runs that it is made of: itself, unless it is merged.
    func parts(named name: String) -> [Part] {
        guard parts.isEmpty else { return parts }
        return [Part(name: name, fingerprint: fingerprint, invalid: invalidities().map(\.description))]
    }

    /// Two runs of the same fingerprint are one: they began in the same millisecond, and each of their times is the same.
    private var fingerprint: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ bytes: some Sequence<UInt8>) {
            // FNV-1a.
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        add("\((startedAt * 1000).rounded())".utf8)
        for step in steps {
            add(step.all.times.response.encodedBytes)
            add(step.all.times.service.encodedBytes)
            add(step.censored.response.encodedBytes)
        }
        return String(hash, radix: 16)
    }
}
