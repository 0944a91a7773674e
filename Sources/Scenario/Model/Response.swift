/// The response to a request.
package struct Response: Sendable {
    package var status: Int
    /// `1.0`, `1.1`, `2`.
    package var httpVersion: String
    package var headers: [Header]
    package var body: [UInt8]
    package var times: Times
    /// Length of the body before secrets were masked.
    package var unmaskedLength: Int?

    /// Length of the body as received, in bytes.
    package var bodyLength: Int { unmaskedLength ?? body.count }

    /// Times from the start of the exchange to the end of each phase. Zero for a phase that did not happen, such as
    /// connecting on an open connection.
    package struct Times: Hashable, Sendable {
        package var nameLookup: Duration = .zero
        package var connect: Duration = .zero
        package var tls: Duration = .zero
        /// Until the first byte of the response.
        package var firstByte: Duration = .zero
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
