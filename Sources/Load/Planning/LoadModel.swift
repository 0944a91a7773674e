/// What starts a virtual user's next iteration.
package enum LoadModel: Equatable, Sendable {
    /// The end of its previous iteration.
    case closed
    /// An arrival, whether or not the server keeps up. Arrivals wait for a free virtual user.
    case open(Arrivals)

    package struct Arrivals: Equatable, Sendable {
        package var profile: RateProfile
        package var distribution = ArrivalSchedule.Distribution.constant
        package var seed: UInt64 = 1

        package init(profile: RateProfile) { self.profile = profile }
    }

    package var isOpen: Bool { self != .closed }
}
