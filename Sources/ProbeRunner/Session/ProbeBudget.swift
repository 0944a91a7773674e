import Scenario

/// The most requests and the most time that a probe may take: `5000/10m`.
package struct ProbeBudget: Equatable, Sendable {
    package var requests = 5000
    package var time = Duration.seconds(600)

    package init() {}

    /// Nil unless the text is REQUESTS/DURATION, at most 10,000,000 requests and a day.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let requests = Int(parts[0]), (1...10_000_000).contains(requests),
            let time = Duration(parsing: parts[1]), time > .zero, time <= .seconds(86_400)
        else { return nil }
        self.requests = requests
        self.time = time
    }

    package var seconds: Double { time / .seconds(1) }
}
