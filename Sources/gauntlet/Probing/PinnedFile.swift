import ArgumentParser
import Foundation

/// The file in which a probe writes what it found, as a scenario.
struct PinnedFile {
    /// Nil if none was asked for.
    let path: String?
    /// The scenario that was probed; nil for a URL.
    let scenario: String?

    /// Paths in a scenario are relative to its folder, so the pinned scenario must be in the same.
    func check() throws {
        guard let path else { return }
        do { try ReportDestination(path: path).check() } catch { throw ValidationError("\(error)") }
        guard let scenario, scenario != "-" else { return }
        let folders = [path, scenario].map { URL(filePath: $0).deletingLastPathComponent().standardizedFileURL }
        guard folders[0] == folders[1] else {
            throw ValidationError("\(path): must be in the folder of \(scenario), whose paths it shares")
        }
        guard URL(filePath: path).standardizedFileURL != URL(filePath: scenario).standardizedFileURL else {
            throw ValidationError("\(path): would replace the scenario")
        }
    }

    /// - Parameters:
    ///   - text: nil if too little is known.
    ///   - subject: what was probed, such as "the limiter".
    /// - Returns: false if the scenario was asked for and is not written, after printing why.
    func save(_ text: String?, _ subject: String) -> Bool {
        guard let path else { return true }
        guard let text else {
            StandardError.write("error: \(path) is not written: too little is known about \(subject)")
            return false
        }
        do { try ReportDestination(path: path).write(text) } catch {
            StandardError.write("error: \(error)")
            return false
        }
        return true
    }
}
