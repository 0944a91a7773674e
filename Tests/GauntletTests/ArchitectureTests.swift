import Foundation
import TestSupport
import Testing

/// Checks that `docs/architecture.md` agrees with `Package.swift` and with the files in the repository.
@Suite struct ArchitectureTests {
    private let document: String
    private let targets: [PackageManifest.Target]

    init() throws {
        document = String(decoding: try Golden.read("docs/architecture.md"), as: UTF8.self)
        targets = PackageManifest(String(decoding: try Golden.read("Package.swift"), as: UTF8.self)).sources
    }

    @Test("the module graph shows the dependencies in Package.swift")
    func graph() throws {
        let graph = try #require(document.firstMatch(of: /```mermaid\ngraph TD\n((?:.*\n)*?)```/)).1
        let drawn = try graph.split(separator: "\n").map { line in
            let arrow = try #require(line.wholeMatch(of: /\s*(\S+) --> (\S+)/), "\(line)")
            return "\(arrow.1) --> \(arrow.2)"
        }
        let names = Set(targets.map(\.name))
        let declared = targets.flatMap { target in
            target.dependencies.filter(names.contains).map { "\(target.name) --> \($0)" }
        }
        #expect(declared.count > names.count)
        #expect(drawn.sorted() == declared.sorted())
    }

    @Test("the table of targets lists every target in Sources")
    func table() {
        let listed = document.matches(of: /(?m)^\| `([^`]+)` \|/).map { String($0.1) }
        #expect(listed.sorted() == targets.map(\.name).sorted())
    }

    @Test("every dependency on a target is imported")
    func imports() throws {
        for target in targets {
            let texts = try Golden.files(below: target.path, ending: ".swift").map {
                String(decoding: try Golden.read($0), as: UTF8.self)
            }
            for dependency in target.dependencies {
                let pattern = try Regex(#"(?m)^(@_exported )?(package )?import \#(dependency)$"#)
                #expect(texts.contains { $0.contains(pattern) }, "\(target.name) does not import \(dependency)")
            }
        }
    }

    @Test("every file and folder that the document mentions exists")
    func paths() throws {
        let paths = document.matches(of: /\b(?:Sources|Tests|Scenarios|docs)\/[\w+.\/-]*[\w]/).map { String($0.0) }
        #expect(paths.count > 50)
        for path in paths { #expect(Golden.exists(path), "\(path)") }
        let names = try Set(
            ["Sources", "Tests"].flatMap { try Golden.files(below: $0, ending: ".swift") }
                .map { URL(filePath: $0).lastPathComponent })
        let mentioned = document.matches(of: /`([\w+]+\.swift)`/).map { String($0.1) }
        for name in mentioned { #expect(names.contains(name), "\(name)") }
    }
}
