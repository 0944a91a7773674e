import Probe
import Scenario
import ScenarioRunner
import Synchronization

/// Sends the requests of a cache's probe and times them. Used by one thread.
package final class CacheTraffic {
    private let users: [CacheUser]
    private let settings: ConnectionSettings
    private let written: WrittenValue
    /// Their connections, for requests that are sent one after another.
    private let clients: [HTTPClient]
    private let stopFlag: StopFlag
    private let start = ContinuousClock.now
    /// The numbers of the values written so far.
    private var values: [String: Int] = [:]
    /// The first request that failed, if any.
    package private(set) var failure: String?

    /// Other values for the header fields that responses often vary by.
    package static let varied = [Header("Accept-Language", "fr"), Header("Origin", "https://example.org")]

    private static let longestNap = Duration.milliseconds(100)

    package init(_ users: [CacheUser], _ settings: ConnectionSettings, written: WrittenValue, stopFlag: StopFlag) {
        self.users = users
        self.settings = settings
        self.written = written
        self.stopFlag = stopFlag
        clients = users.map { HTTPClient(settings, cookies: $0.cookies) }
    }

    /// Seconds since the probe began.
    package var now: Double { seconds(.now) }

    private func seconds(_ instant: ContinuousClock.Instant) -> Double { (instant - start) / .seconds(1) }

    /// Waits until an instant, in seconds since the probe began, or until the program is stopped.
    package func wait(until instant: Double) {
        while !stopFlag.isSet, now < instant {
            Pause.wait(min(.seconds(max(0, instant - now)), Self.longestNap))
        }
    }

    /// - Returns: the exchanges in the order of the requests; empty if a request could not be rendered.
    package func send(_ volley: CacheVolley) -> [CacheExchange] {
        var requests: [Request] = []
        do throws(TemplateError) {
            for request in volley.requests { requests.append(try render(request)) }
        } catch {
            failure = failure ?? "\(error)"
            return []
        }
        let exchanges = volley.isTogether ? sendTogether(volley, requests) : sendInTurn(volley, requests)
        return zip(volley.requests, exchanges).map { cacheExchange($0, $1) }
    }

    private func render(_ request: CacheRequest) throws(TemplateError) -> Request {
        let user = users[request.user]
        switch request.action {
        case .write(let number):
            let rendered = try user.writes.next()
            if let value = written.value(in: rendered) { values[value] = number }
            return rendered
        case .read: return try user.reads.next()
        case .conditionalRead(let etag): return try user.reads.next().replacing(Header("If-None-Match", etag))
        case .variedRead(let index): return try user.reads.next().replacing(Self.varied[index])
        }
    }

    private func sendInTurn(_ volley: CacheVolley, _ requests: [Request]) -> [Exchange] {
        zip(volley.requests, requests).map { clients[$0.user].send($1, until: stopFlag) }
    }

    /// Sends each request at its offset, on a thread and a connection of its own.
    private func sendTogether(_ volley: CacheVolley, _ requests: [Request]) -> [Exchange] {
        let exchanges = Mutex([Exchange?](repeating: nil, count: requests.count))
        let (settings, stopFlag) = (settings, stopFlag)
        let cookies = users.map(\.cookies)
        let begin = ContinuousClock.now + .milliseconds(2)
        Threads.runAndWait(requests.count) { index in
            let request = volley.requests[index]
            let client = HTTPClient(settings, cookies: cookies[request.user])
            Pause.wait(begin + .seconds(request.offset) - .now)
            let exchange = client.send(requests[index], until: stopFlag)
            exchanges.withLock { $0[index] = exchange }
        }
        return exchanges.withLock { $0.compactMap(\.self) }
    }

    private func cacheExchange(_ request: CacheRequest, _ exchange: Exchange) -> CacheExchange {
        var result = CacheExchange(
            action: request.action, user: request.user, sent: seconds(exchange.sentAfter),
            received: seconds(exchange.start + exchange.duration), status: nil)
        switch exchange.result {
        case .failure(let error): failure = failure ?? "\(error)"
        case .success(let response):
            let body = ShownBody(response.body, values: values)
            result.status = response.status
            result.fields = response.headers.map { ($0.name, $0.value) }
            result.shows = body.shown
            result.digest = body.digest
            result.markers = body.markers
        }
        return result
    }
}

extension Request {
    /// The request with a header field in place of those of the same name.
    fileprivate func replacing(_ header: Header) -> Request {
        var request = self
        request.headers.removeAll { $0.name.lowercased() == header.name.lowercased() }
        request.headers.append(header)
        return request
    }
}
