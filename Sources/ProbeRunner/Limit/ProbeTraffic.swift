import Probe
import Scenario
import ScenarioRunner

/// Sends a probe's requests and times them. Used by one thread.
package final class ProbeTraffic {
    private let senders: [ProbeClient: ProbeSender]
    private let denied: Set<Int>
    private let stopFlag: StopFlag
    private let start = ContinuousClock.now
    /// The statuses with which the primary client was admitted.
    package private(set) var admittedStatuses: Set<Int> = []
    /// The first request that failed, if any.
    package private(set) var failure: String?

    /// The pause between looks at the stop flag.
    private static let longestNap = Duration.milliseconds(100)

    package init(_ senders: [ProbeClient: ProbeSender], denied: Set<Int>, stopFlag: StopFlag) {
        self.senders = senders
        self.denied = denied
        self.stopFlag = stopFlag
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

    /// - Returns: the exchanges in the order in which they were sent; empty if none could be sent.
    package func send(_ volley: Volley) -> [ProbeExchange] {
        guard let sender = senders[volley.client] else { return [] }
        do {
            if volley.concurrency > 1 { return try sendTogether(volley, sender) }
            var exchanges: [ProbeExchange] = []
            while exchanges.count < volley.count, !stopFlag.isSet {
                let exchange = sender.connection.send(try sender.next(), until: stopFlag)
                exchanges.append(probeExchange(exchange, volley.client))
                if volley.stopsAtDenial, exchanges.last?.outcome == .denied { break }
                if exchanges.last?.outcome == .serverError { break }
            }
            return exchanges
        } catch {
            failure = failure ?? "\(error)"
            return []
        }
    }

    private func sendTogether(_ volley: Volley, _ sender: ProbeSender) throws -> [ProbeExchange] {
        var requests: [Request] = []
        for _ in 0..<volley.count { requests.append(try sender.next()) }
        let burst = try sender.connection.burst(requests, concurrency: volley.concurrency, until: stopFlag)
        return burst.exchanges.map { probeExchange($0, volley.client) }
    }

    private func probeExchange(_ exchange: Exchange, _ client: ProbeClient) -> ProbeExchange {
        let sent = seconds(exchange.sentAfter)
        let received = seconds(exchange.start + exchange.duration)
        switch exchange.result {
        case .failure(let error):
            failure = failure ?? "\(error)"
            return ProbeExchange(sent: sent, received: received, outcome: .uncertain)
        case .success(let response):
            let promise = LimitPromise(fields: response.headers.map { ($0.name, $0.value) })
            return ProbeExchange(
                sent: sent, received: received, outcome: outcome(response.status, of: client), promise: promise)
        }
    }

    private func outcome(_ status: Int, of client: ProbeClient) -> ProbeExchange.Outcome {
        if denied.contains(status) { return .denied }
        if client == .primary {
            guard status < 500 else { return .serverError }
            admittedStatuses.insert(status)
            return .admitted
        }
        // 501 and 505 say that the server does not know a method or version, not that it is in trouble.
        if status >= 500 { return status == 501 || status == 505 ? .uncertain : .serverError }
        // A response from elsewhere, such as 404 or 405, may not have passed the limiter.
        // For requests that are to be rejected, any response shows that the limiter let them pass.
        return admittedStatuses.contains(status) || (200..<400).contains(status) || client.isRejected
            ? .admitted : .uncertain
    }
}
