/// Hashes of everything that was built, so that what is known of an unchanged part need not be found out again.
package struct TreeFingerprint: Sendable {
    private let lines: [(path: String, line: String)]

    /// - Parameter hashes: the hash of each file by path.
    package init(_ hashes: [String: UInt64]) {
        lines = hashes.sorted { $0.key < $1.key }.map { ($0.key, "\($0.key) \($0.value)") }
    }

    /// Changes with every file.
    package var whole: String { hash { _ in true } }

    /// Changes with every file except the tests of other targets.
    package func tests(of target: String) -> String {
        hash { path in
            guard let folder = Self.testFolder(of: path) else { return true }
            return folder == target || folder + "Tests" == target
        }
    }

    /// The folder of a test target, such as `LoadTests` or `Conformance`; nil for what several targets may use.
    private static func testFolder(of path: String) -> String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Tests" else { return nil }
        let folder = String(parts[1])
        return folder.hasSuffix("Tests") || folder == "Conformance" ? folder : nil
    }

    private func hash(_ isIncluded: (String) -> Bool) -> String {
        let text = lines.filter { isIncluded($0.path) }.map(\.line).joined(separator: "\n")
        return String(StableHash.hash(text), radix: 16)
    }
}
