import Foundation
import TestSupport
import Testing

/// Checks that files are named after types, and that a name stands for one type.
@Suite struct NamingTests {
    /// A declaration at the left margin: its modifiers, kind and name.
    private nonisolated(unsafe) static let declaration =
        /(?m)^(?:@\w+(?:\([^)]*\))? )*(?:[a-z]+ )*?(struct|class|enum|actor|protocol|typealias|extension) \[?([\w.]+)/

    private struct Declaration {
        let kind: String
        /// The last part of the name: `Threshold` for `extension LoadDocument.Threshold`.
        let name: String

        /// An alias is another name for a type.
        var isType: Bool { !["extension", "typealias"].contains(kind) }
    }

    private static func declarations(in path: String) throws -> [Declaration] {
        String(decoding: try Golden.read(path), as: UTF8.self).matches(of: declaration).map { match in
            Declaration(kind: String(match.1), name: match.2.split(separator: ".").last.map(String.init) ?? "")
        }
    }

    @Test("every file is named after a type that it declares, or Type+aspect after one that it extends")
    func files() throws {
        let paths = try Golden.files(below: "Sources", ending: ".swift")
        #expect(paths.count > 300)
        for path in paths {
            let parts = URL(filePath: path).deletingPathExtension().lastPathComponent.split(separator: "+")
            let isNamed = try Self.declarations(in: path).contains {
                $0.name == parts[0] && ($0.kind == "extension") == (parts.count == 2)
            }
            #expect(isNamed, "\(path)")
        }
    }

    @Test("no two types of a program have the same name", arguments: ["gauntlet", "todo-server"])
    func types(in program: String) throws {
        let targets = PackageManifest(String(decoding: try Golden.read("Package.swift"), as: UTF8.self)).sources
        var places: [String: [String]] = [:]
        for target in targets where Self.closure(of: program, among: targets).contains(target.name) {
            for path in try Golden.files(below: target.path, ending: ".swift") {
                for declaration in try Self.declarations(in: path) where declaration.isType {
                    places[declaration.name, default: []].append(path)
                }
            }
        }
        #expect(places.count > 100)
        for (name, paths) in places where paths.count > 1 {
            Issue.record("\(name) is declared in \(paths.joined(separator: " and "))")
        }
    }

    /// The names of a target and of all targets that it depends on.
    private static func closure(of name: String, among targets: [PackageManifest.Target]) -> Set<String> {
        var found: Set = [name]
        var queue = [name]
        while let next = queue.popLast() {
            for target in targets where target.name == next {
                for dependency in target.dependencies where found.insert(dependency).inserted {
                    queue.append(dependency)
                }
            }
        }
        return found
    }
}
