import Foundation

/// Where the programs are that tests start.
enum Programs {
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// A program of the system; a test that cannot find it fails, and says what to install.
    static func installed(_ name: String, package: String, in directories: [String] = []) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for directory in directories + path.split(separator: ":").map(String.init) + ["/usr/sbin"] {
            let program = "\(directory)/\(name)"
            if FileManager.default.isExecutableFile(atPath: program) { return program }
        }
        throw Missing(description: "\(name) is not installed: apt-get install \(package)")
    }

    /// A program of PostgreSQL's newest version that is here.
    static func postgreSQL(_ name: String) throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.sorted(by: >)
        return try installed(name, package: "postgresql", in: newest.map { "\(root)/\($0)/bin" })
    }

    /// A program of this package, beside the tests' own.
    static func built(_ name: String) throws -> String {
        let directory = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = directory.appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "there is no \(path): swift build makes it")
        }
        return path
    }
}
