/// What came back.
package struct Response: Sendable {
    package var status: Int
    /// `1.0`, `1.1`, `2`.
    package var httpVersion: String
    package var headers: [Header]
    package var body: [UInt8]
    package var times: Times
    /// How long the body was before secrets were taken out of it.
    package var unmaskedLength: Int?

    /// Of the body as it came, in bytes.
    package var bodyLength: Int { unmaskedLength ?? body.count }

    /// From the start of the exchange to the end of each of its phases; zero for a phase that there was not, such as
    /// connecting on a connection that was open.
    package struct Times: Hashable, Sendable {
        package var nameLookup: Duration = .zero
        package var connect: Duration = .zero
        package var tls: Duration = .zero
        /// The first byte of the response.
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
