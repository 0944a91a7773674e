/// How many requests are in flight, and how many more are to be measured.
struct RequestBudget {
    private(set) var inFlight = 0
    /// How many more requests may be sent in the measurement.
    private(set) var left: Int
    /// Whether the number of measured requests is limited.
    let isLimited: Bool

    /// - Parameter left: the maximum number of measured requests.
    init(left: Int, isLimited: Bool) {
        self.left = left
        self.isLimited = isLimited
    }

    /// Whether all requests to measure have been sent and are done.
    var isSpent: Bool { left == 0 && inFlight == 0 }

    /// Begins a request.
    /// - Returns: false if it would be one too many.
    @inline(__always)
    mutating func begin(isMeasuring: Bool) -> Bool {
        if isMeasuring {
            guard left > 0 else { return false }
            left &-= 1
        }
        inFlight &+= 1
        return true
    }

    /// Ends a request, however it ended.
    @inline(__always)
    mutating func end() { inFlight &-= 1 }

    /// Takes a request back, to send it again.
    mutating func takeBack(isCounted: Bool) {
        inFlight &-= 1
        if isLimited, isCounted { left &+= 1 }
    }
}
