/// What came back.
package struct Response: Sendable {
    package var status: Int
    /// `1.0`, `1.1`, `2`.
    package var httpVersion: String
    package var headers: [Header]
    package var body: [UInt8]
    package var times: Times

    /// From the start of the exchange to the end of each of its phases.
    package struct Times: Hashable, Sendable {
        package var total: Duration

        package init(total: Duration) { self.total = total }
    }

    package init(
        status: Int, httpVersion: String = "1.1", headers: [Header] = [], body: [UInt8] = [],
        times: Times = Times(total: .zero)
    ) {
        self.status = status
        self.httpVersion = httpVersion
        self.headers = headers
        self.body = body
        self.times = times
    }
}
