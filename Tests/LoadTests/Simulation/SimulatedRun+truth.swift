import Histogram
import Testing

@testable import Load

extension SimulatedRun {
    /// Expects what holds for every run without faults.
    func expectTruth(_ comment: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation) {
        let comment = comment()
        func expect(_ condition: Bool, _ what: String) {
            if !condition { Issue.record("\(what), \(comment)", sourceLocation: sourceLocation) }
        }
        let (step, received, late, unanswered) = (result.steps[0], received, late, unanswered)
        let all = received + late
        expect(result.errors == 0, "errors")
        expect(step.all.count == all.count && step.all.late == late.count, "count")
        expect(result.unfinished[.inFlight] ?? 0 == unanswered.count, "unfinished")
        expect(step.statuses == all.reduce(into: [:]) { $0[$1.status ?? 0, default: 0] += 1 }, "statuses")
        let seconds = Double(result.measured) / 1e9
        expect(result.measured == schedule.end - schedule.measurementStart, "measured")
        expect(abs(result.rate - Double(received.count) / seconds) < 1e-6, "rate")
        expect(result.seconds.map(\.responses) == receivedBySecond, "responses by second")
        expect(result.seconds.reduce(0) { $0 + $1.duration } == result.measured, "durations of seconds")
        let times = all.map { $0.receivedAt! - $0.sentAt }
        SimulatedTruth.expect(
            step.all.serviceTime, holds: times, "service time, \(comment)", sourceLocation: sourceLocation)
        if unanswered.isEmpty {
            SimulatedTruth.expect(
                step.samples(of: .service), describe: times, digits: digits, "service time, \(comment)",
                sourceLocation: sourceLocation)
        }
        guard isTimestamped else { return }
        SimulatedTruth.expect(
            result.lag.receive, holds: all.map { $0.receivedAt! - $0.arrivedAt! }, "receive lag, \(comment)",
            sourceLocation: sourceLocation)
        SimulatedTruth.expect(
            step.all.times.adjustedService, holds: all.map { $0.arrivedAt! - $0.sentAt },
            "service time less receive lag, \(comment)", sourceLocation: sourceLocation)
    }

    /// Expects what holds of every run without faults, in the open model at a constant rate and without a warm-up.
    func expectTruth(
        rate: Double, _ comment: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let comment = comment()
        expectTruth(comment, sourceLocation: sourceLocation)
        let due = constantArrivals(rate: rate)
        let total = result.responses + result.errors + result.unfinished.values.reduce(0, +)
        #expect(
            result.offered == due.count && total == due.count, "arrivals, \(comment)", sourceLocation: sourceLocation)
        // Users connect before the start, so requests are sent in the order of their arrivals.
        let sent = zip(truth.exchanges, due).map { ($0, $1) }
        let times = sent.compactMap { exchange, due in exchange.receivedAt.map { $0 - due } }
        SimulatedTruth.expect(
            result.steps[0].all.responseTime, holds: times, "response time, \(comment)", sourceLocation: sourceLocation)
        if times.count == due.count {
            SimulatedTruth.expect(
                result.steps[0].samples(of: .response), describe: times, digits: digits, "response time, \(comment)",
                sourceLocation: sourceLocation)
        }
        let lags = SimulatedTruth.sum(result.lag.generator, result.lag.server)
        let known = sent.reduce(0.0) { $0 + Double($1.0.sentAt - $1.1) }
        let width = digits == .three ? 0.002 : 0.01
        #expect(
            abs(lags - known) <= known * width + Double(1000 + sent.count), "send lag, \(comment)",
            sourceLocation: sourceLocation)
    }

    /// Expects each arrival to be counted exactly once: as a response, an error or unfinished.
    func expectConservation(
        _ comment: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let (comment, step, late) = (comment(), result.steps[0], late)
        #expect(step.all.count == received.count + late.count, "count, \(comment)", sourceLocation: sourceLocation)
        #expect(step.all.late == late.count, "late, \(comment)", sourceLocation: sourceLocation)
        #expect(
            step.errors[.refused]?.count ?? 0 <= truth.refusals, "refusals, \(comment)", sourceLocation: sourceLocation)
        let total = result.responses + Int(step.censored.response.totalCount)
        #expect(
            total == result.offered, "\(total) of \(result.offered), \(comment)", sourceLocation: sourceLocation)
        #expect(endedAt <= schedule.graceEnd + 320_000_000, "end, \(comment)", sourceLocation: sourceLocation)
    }
}
