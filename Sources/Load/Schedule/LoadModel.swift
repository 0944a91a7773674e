/// What makes a virtual user begin its next iteration.
package enum LoadModel: Equatable, Sendable {
    /// That it is done with the last.
    case closed
    /// An arrival, whether or not the server keeps up. An arrival waits until a virtual user is free.
    case open(Arrivals)

    package struct Arrivals: Equatable, Sendable {
        package var profile: RateProfile
        package var distribution = ArrivalSchedule.Distribution.constant
        package var seed: UInt64 = 1

        package init(profile: RateProfile) { self.profile = profile }
    }

    package var isOpen: Bool { self != .closed }
}
