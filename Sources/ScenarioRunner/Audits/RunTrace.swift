import Glibc
import Scenario
import Synchronization
import Trace

/// Records every request of a run in a file for `gauntlet audit`, whatever the scenarios' own audits record.
///
/// Scenarios that run at the same time share it. A buffer bounds the memory; the thread that fills it writes it.
package final class RunTrace: Sendable {
    private struct State: ~Copyable {
        var writer: TraceFileWriter
        var recorder = TraceRecorder(TraceBuffer(source: 0, capacity: RunTrace.capacity))
        var written = 0
        /// Requests that are not in the file: it could not be written, or a name did not fit.
        var lost: UInt64 = 0
        var failure: TraceWriteError?
    }

    private let path: String
    /// Time zero of the records.
    private let origin: ContinuousClock.Instant
    private let state: Mutex<State>

    /// The records that are held in memory.
    private static let capacity = 4096

    /// Creates the file, or empties it.
    package init(path: String) throws(TraceWriteError) {
        self.path = path
        origin = .now
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let time = Nanoseconds(now.tv_sec) * 1_000_000_000 + Nanoseconds(now.tv_nsec)
        state = Mutex(State(writer: try TraceFileWriter(path: path, origin: time)))
    }

    /// - Parameters:
    ///   - step: the step's id.
    ///   - scenario: the name of the run of a scenario that sent the request.
    func record(_ exchange: Exchange, step: String, scenario: String) {
        guard exchange.mayHaveBeenReceived else { return }
        let (sent, received) = exchange.interval(since: origin)
        state.withLock { state in
            guard let step = state.recorder.number(of: step, in: .steps),
                let user = state.recorder.number(of: scenario, in: .users),
                let key = state.recorder.number(of: exchange.source ?? "", in: .keys)
            else {
                state.lost += 1
                return
            }
            if state.recorder.isFull { Self.write(&state) }
            state.recorder.append(
                TraceRecord(
                    sent: sent, received: exchange.response == nil ? TraceRecord.never : received, key: key, user: user,
                    step: UInt16(clamping: step),
                    outcome: exchange.response.map { TraceRecord.Outcome(status: $0.status) } ?? .unknown))
        }
    }

    /// Writes what has been recorded since the last time.
    private static func write(_ state: inout State) {
        var buffer = TraceBuffer(source: 0, capacity: capacity)
        state.recorder.swapBuffer(with: &buffer)
        do throws(TraceWriteError) {
            try state.writer.write(buffer)
            state.written += buffer.count
        } catch {
            state.failure = error
            state.lost += UInt64(buffer.count)
        }
    }

    /// Completes the file. Called after the last request.
    package func finish() -> TraceSummary {
        state.withLock { state in
            Self.write(&state)
            do throws(TraceWriteError) { try state.writer.finish(lost: state.lost) } catch { state.failure = error }
            return TraceSummary(
                path: path, requests: state.written, lost: state.lost, failure: state.failure?.description)
        }
    }
}

/// A run of a scenario, for its requests in a trace.
struct TracedScenario: Sendable {
    let trace: RunTrace
    /// The name of the run.
    let name: String

    func record(_ exchange: Exchange, of step: String) { trace.record(exchange, step: step, scenario: name) }
}

extension TraceRecord.Outcome {
    /// What a status says if nothing is known about the limiter: 429 is a refusal, and only success shows that it let
    /// the request pass.
    package init(status: Int) {
        switch status {
        case 200..<400: self = .admitted
        case 429: self = .denied
        default: self = .other
        }
    }
}
