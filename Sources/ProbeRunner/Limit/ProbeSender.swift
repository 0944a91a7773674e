import Scenario
import ScenarioRunner

/// A client of a probe: a connection, and the requests that it sends. Used by one thread.
package struct ProbeSender {
    let connection: HTTPClient
    private let requests: ProbeRequests
    private let change: (inout Request) -> Void

    /// - Parameter change: how its requests differ from the user's.
    init(
        _ requests: ProbeRequests, _ settings: ConnectionSettings, cookies: [String],
        change: @escaping (inout Request) -> Void = { _ in }
    ) {
        self.requests = requests
        self.change = change
        connection = HTTPClient(settings, cookies: cookies)
    }

    func next() throws(TemplateError) -> Request {
        var request = try requests.next()
        change(&request)
        return request
    }
}
