import Dispatch
import Foundation
import ScenarioRunner

/// Turns SIGINT, SIGTERM and SIGHUP into a flag, so that a run ends in order: teardown, server, report. A second signal
/// ends the program immediately, together with the server that it started.
enum StopSignals {
    /// Runs the body with a flag that the signals set.
    static func handled<Value>(_ body: (StopFlag) async throws -> Value) async throws -> Value {
        let flag = StopFlag()
        let sources = [SIGINT, SIGTERM, SIGHUP].map { source(of: $0, setting: flag) }
        defer { for source in sources { source.cancel() } }
        return try await body(flag)
    }

    private static func source(of number: Int32, setting flag: StopFlag) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            if flag.isSet {
                ServedCommand.abandonAll()
                _exit(128 + number)
            }
            flag.set()
            StandardError.write("stopping: running teardown. Press Ctrl-C again to quit immediately.")
        }
        source.resume()
        return source
    }
}
