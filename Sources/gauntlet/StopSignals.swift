import Dispatch
import Foundation
import ScenarioRunner

/// Turns Ctrl-C and SIGTERM into a flag, so that what is running ends in order: teardown, server, report.
/// A second signal ends the program at once.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    init(setting flag: StopFlag) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if flag.isSet { _exit(128 + number) }
                flag.set()
            }
            source.resume()
            return source
        }
    }

    func cancel() {
        for source in sources { source.cancel() }
    }
}
