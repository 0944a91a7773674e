/// A random order of mutants that depends on a seed and on each mutant's identity only.
///
/// A change in the source therefore adds and removes single mutants, and leaves the rest of a sample as it was.
package enum Sample {
    package static func order(_ mutants: [Mutant], seed: UInt64) -> [Mutant] {
        mutants.map { ($0, StableHash.hash($0.identity, seed: seed)) }
            .sorted { $0.1 < $1.1 }
            .map(\.0)
    }
}
