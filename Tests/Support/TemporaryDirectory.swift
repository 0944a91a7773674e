import Foundation

/// A temporary directory that is removed after use.
package enum TemporaryDirectory {
    package static func with<Value: Sendable>(_ body: (String) async throws -> Value) async throws -> Value {
        let url = FileManager.default.temporaryDirectory.appending(path: "gauntlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(url.path())
    }
}
