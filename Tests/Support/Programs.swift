import Foundation

/// Paths of programs that tests start.
package enum Programs {
    /// A program of this package, from the build directory of the tests.
    package static func built(_ name: String) throws -> String {
        let directory = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = directory.appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "\(path) is missing: run swift build")
        }
        return path
    }

    /// An installed program. If it is missing, the test fails and names the package to install.
    /// - Parameter directories: where to look before the search path.
    package static func installed(
        _ name: String, package: String, in directories: [String] = []
    ) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for directory in directories + path.split(separator: ":").map(String.init) + ["/usr/sbin"] {
            let program = "\(directory)/\(name)"
            if FileManager.default.isExecutableFile(atPath: program) { return program }
        }
        throw Missing(description: "\(name) is not installed: apt-get install \(package)")
    }

    /// A program of the newest installed PostgreSQL version.
    package static func postgreSQL(_ name: String) throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.sorted(by: >)
        return try installed(name, package: "postgresql", in: newest.map { "\(root)/\($0)/bin" })
    }

    package struct Missing: Error, CustomStringConvertible {
        package let description: String
    }
}
