/// A request with its response, as far as a cache shows in it.
package struct CacheExchange: Sendable {
    package enum Outcome: Sendable {
        case succeeded
        /// 304.
        case notModified
        /// 429. No evidence about the cache.
        case denied
        /// Another status, or no response.
        case failed
        /// 5xx. The probe stops.
        case serverError
    }

    package var action: CacheAction
    package var user: Int
    /// Seconds since the probe began: before the first byte was written.
    package var sent: Double
    /// After the response was read.
    package var received: Double
    /// Nil without a response.
    package var status: Int?
    /// The numbers of the written values that the body contains.
    package var shows: Set<Int>
    /// A hash of the body without its volatile parts.
    package var digest: UInt64?
    package var fields: [(name: String, value: String)]
    /// Members of the body that may tell a hit from a miss, such as `"source": "cache"`.
    package var markers: [String: String]

    package init(
        action: CacheAction, user: Int = 0, sent: Double, received: Double, status: Int?, shows: Set<Int> = [],
        digest: UInt64? = nil, fields: [(name: String, value: String)] = [], markers: [String: String] = [:]
    ) {
        self.action = action
        self.user = user
        self.sent = sent
        self.received = received
        self.status = status
        self.shows = shows
        self.digest = digest
        self.fields = fields
        self.markers = markers
    }

    package var outcome: Outcome {
        switch status {
        case .some(200..<300): .succeeded
        case .some(304): .notModified
        case .some(429): .denied
        case .some(500...): .serverError
        default: .failed
        }
    }

    /// The value of the first field with this name, in any case.
    func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var duration: Double { received - sent }
}
