/// The right to store a list, identified by a unique number.
package struct CacheLease: Sendable, Hashable {
    package var number: UInt64

    package init(number: UInt64) {
        self.number = number
    }

    package static func random() -> CacheLease {
        CacheLease(number: .random(in: .min ... .max))
    }
}

package enum CacheLeaseResult: Sendable, Equatable {
    case taken(CacheLease)
    /// A write is in progress. The list can be read but not stored.
    case blocked
    /// The cache is unavailable.
    case unavailable
}
