import Testing

@testable import TodoServer

/// The responses to clients that read and write without pause.
struct Traffic: Sendable {
    struct Sample: Sendable {
        var status: Int
        var begun: ContinuousClock.Instant
        var time: Duration
        var isWrite: Bool
        var hasRetryAfter: Bool

        /// Whether the request was in progress during some of the period.
        func overlaps(_ period: Range<ContinuousClock.Instant>) -> Bool {
            begun < period.upperBound && begun + time >= period.lowerBound
        }
    }

    let clients: Int
    private(set) var samples: [Sample] = []
    /// The period during which a service was unavailable.
    private(set) var absence: Range<ContinuousClock.Instant>?

    /// A percentile of the response times.
    /// - Throws: if no sample matches.
    func percentile(_ share: Int, of isMeant: (Sample) -> Bool = { _ in true }) throws -> Duration {
        let times = samples.filter(isMeant).map(\.time).sorted()
        try #require(!times.isEmpty)
        return times[(times.count * share - 1) / 100]
    }

    var statuses: [Int: Int] {
        samples.reduce(into: [:]) { $0[$1.status, default: 0] += 1 }
    }

    /// Generates traffic while a closure runs. The closure returns the period during which a service was unavailable.
    ///
    /// A client that loses its connection fails the test.
    static func over(
        _ server: RunningServer, clients: Int = 6, while body: () async throws -> Range<ContinuousClock.Instant>?
    ) async throws -> Traffic {
        let setUp = try await RawClient.connect(to: server)
        let token = try await setUp.token()
        let id = try #require(try await setUp.post(#"{"title":"a"}"#, token: token).id)
        let isOver = Flag()
        let sources = (0..<clients).map { _ in
            Task {
                let client = try await RawClient.connect(to: server)
                var samples: [Sample] = []
                while !isOver.isRaised {
                    let isWrite = samples.count % 4 == 3
                    let start = ContinuousClock.now
                    let answer =
                        try await isWrite
                        ? client.patch("/todos/\(id)", #"{"completed":true}"#, token: token)
                        : client.get("/todos", token: token)
                    samples.append(
                        Sample(
                            status: answer.status, begun: start, time: ContinuousClock.now - start, isWrite: isWrite,
                            hasRetryAfter: answer.headers["retry-after"] != nil))
                }
                return samples
            }
        }
        let result: Result<Range<ContinuousClock.Instant>?, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        isOver.raise()
        var traffic = Traffic(clients: clients)
        for source in sources { traffic.samples += try await source.value }
        traffic.absence = try result.get()
        return traffic
    }
}
