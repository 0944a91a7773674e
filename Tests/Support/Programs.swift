import Foundation

/// Paths of programs that tests start.
package enum Programs {
    /// A program of this package, from the build directory of the tests.
    package static func built(_ name: String) throws -> String {
        let directory = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = directory.appending(path: name).path()
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(message: "\(path) is missing: run swift build")
        }
        return path
    }

    /// An installed program. If it is missing, the test fails and names the package to install.
    package static func installed(_ name: String, package: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let directories = path.split(separator: ":").map(String.init) + ["/usr/sbin"]
        for directory in directories where FileManager.default.isExecutableFile(atPath: "\(directory)/\(name)") {
            return "\(directory)/\(name)"
        }
        throw Missing(message: "\(name) is not installed: apt-get install \(package)")
    }

    package struct Missing: Error, CustomStringConvertible {
        let message: String
        package var description: String { message }
    }
}
