import Foundation
import Testing
import Trace

@testable import Load

/// Writes the trace of a simulated run to a temporary file, and reads it back.
struct SimulatedTrace {
    let drain: TraceDrain
    private let writer: EngineThread<Bool>

    /// - Returns: nil, after recording an issue, if the file cannot be written.
    init?(threads: Int) {
        let path = FileManager.default.temporaryDirectory.appending(path: "gauntlet-\(UUID().uuidString)").path()
        do throws(LoadError) {
            let drain = try TraceDrain(path: path, origin: 0, sources: threads)
            writer = try EngineThread {
                drain.run()
                return true
            }
            self.drain = drain
        } catch {
            Issue.record(error)
            return nil
        }
    }

    func finish() -> RequestTrace? {
        drain.end()
        writer.join()
        let summary = drain.finish()
        #expect(summary.failure == nil)
        defer { try? FileManager.default.removeItem(atPath: summary.path) }
        var trace = RequestTrace()
        do {
            try trace.append(file: Array(FileManager.default.contents(atPath: summary.path) ?? Data()))
            return trace
        } catch {
            Issue.record(error)
            return nil
        }
    }
}
