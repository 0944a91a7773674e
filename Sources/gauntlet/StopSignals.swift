import Dispatch
import Foundation
import ScenarioRunner

/// Turns SIGINT, SIGTERM and SIGHUP into a flag, so that a run ends in order: teardown, server, report. A second signal
/// ends the program immediately, together with the server that it started.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(setting flag: StopFlag) {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
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

    func cancel() {
        for source in sources { source.cancel() }
    }
}
