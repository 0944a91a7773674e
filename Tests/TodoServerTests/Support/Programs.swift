import Foundation

/// Finds the programs that tests start.
enum Programs {
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// The path of a system program. The error names the package to install.
    static func installed(_ name: String, package: String, in directories: [String] = []) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for directory in directories + path.split(separator: ":").map(String.init) + ["/usr/sbin"] {
            let program = "\(directory)/\(name)"
            if FileManager.default.isExecutableFile(atPath: program) { return program }
        }
        throw Missing(description: "\(name) is not installed: apt-get install \(package)")
    }

    /// The path of a program from the newest installed PostgreSQL version.
    static func postgreSQL(_ name: String) throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.sorted(by: >)
        return try installed(name, package: "postgresql", in: newest.map { "\(root)/\($0)/bin" })
    }

    /// The path of a program of this package, next to the test executable.
    static func built(_ name: String) throws -> String {
        let directory = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = directory.appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "\(path) does not exist: run swift build")
        }
        return path
    }
}
