import Glibc

/// When the iterations of the open model begin: a sequence of times that depends only on its parameters.
///
/// So every thread can walk it and take its share, and a run can be repeated.
package struct ArrivalSchedule: Sendable {
    package enum Distribution: String, CaseIterable, Codable, Sendable {
        /// Evenly spaced.
        case constant
        /// A Poisson process: independent arrivals, as from many clients unaware of each other.
        case poisson
    }

    private let profile: RateProfile
    private let distribution: Distribution
    private var random: SplitMix64
    private var count = 0.0

    package init(_ profile: RateProfile, _ distribution: Distribution, seed: UInt64) {
        self.profile = profile
        self.distribution = distribution
        random = SplitMix64(seed: seed)
        if distribution == .poisson { count = random.nextExponential() }
    }

    /// The next arrival, in nanoseconds since the start; nil if there are no more.
    ///
    /// A Poisson process of varying rate is one of unit rate with time rescaled by the rate (Çinlar, Introduction to
    /// Stochastic Processes, 1975, section 4.7).
    package mutating func next() -> Nanoseconds? {
        let time = profile.time(ofCount: count)
        guard time < 1e9 else { return nil }
        count += distribution == .constant ? 1 : random.nextExponential()
        return Nanoseconds((time * 1e9).rounded())
    }
}

/// A small seedable generator of random numbers (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators,
/// 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Exponentially distributed with mean 1.
    mutating func nextExponential() -> Double {
        -log1p(-Double.random(in: 0..<1, using: &self))
    }
}
