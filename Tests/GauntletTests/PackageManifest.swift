import Foundation
import TestSupport

/// The Swift targets in `Package.swift`.
///
/// They are read from its text, because the package manager locks its build directory while it runs tests.
struct PackageManifest {
    struct Target {
        let name: String
        let path: String
        /// Names of targets of this package. Products of other packages are left out.
        let dependencies: [String]
    }

    /// The targets in `Sources` that consist of Swift. The others are modules for C libraries.
    let sources: [Target]

    init(_ text: String) {
        let code = text.replacing(/(?m)^\s*\/\/.*$/, with: "")
        let targets = code.matches(of: /\.(?:executableTarget|target)\(/).compactMap { match in
            Target(code[match.range.upperBound...].content(upTo: ")", opening: "("))
        }
        sources = targets.filter { target in
            let isSwift = try? Golden.files(below: target.path, ending: ".swift").isEmpty == false
            return target.path.hasPrefix("Sources/") && isSwift == true
        }
    }
}

extension PackageManifest.Target {
    fileprivate init?(_ arguments: Substring) {
        guard let name = arguments.firstMatch(of: /name: "([^"]+)"/)?.1 else { return nil }
        self.name = String(name)
        path = arguments.firstMatch(of: /\bpath: "([^"]+)"/).map { String($0.1) } ?? "Sources/\(name)"
        let list = arguments.firstMatch(of: /dependencies: \[/)
            .map { arguments[$0.range.upperBound...].content(upTo: "]", opening: "[") }
        let own = (list ?? "").replacing(/\.product\([^)]*\)/, with: "")
        dependencies = own.matches(of: /"([^"]+)"/).map { String($0.1) }
    }
}

extension Substring {
    /// The text before the bracket that closes what precedes the text.
    fileprivate func content(upTo closing: Character, opening: Character) -> Substring {
        var depth = 1
        for index in indices {
            if self[index] == opening { depth += 1 }
            if self[index] == closing { depth -= 1 }
            if depth == 0 { return self[..<index] }
        }
        return self
    }
}
