/// A run that is part of a merged result.
package struct MergedPart: Equatable, Codable, Sendable {
    /// The file that it was read from.
    package var name: String
    /// A hash of the run's start time and histograms; the same run always has the same one.
    package var fingerprint: String
    /// Why it is invalid; empty if it is valid.
    package var invalid: [String]
}

extension LoadResult {
    /// The runs that the result consists of; itself, unless it was merged.
    func parts(named name: String) -> [MergedPart] {
        guard parts.isEmpty else { return parts }
        return [MergedPart(name: name, fingerprint: fingerprint, invalid: invalidities().map(\.description))]
    }

    /// Identifies a run. Two runs with the same fingerprint began in the same millisecond and have the same times.
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
