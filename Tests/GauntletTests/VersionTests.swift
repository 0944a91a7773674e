import Foundation
import TestSupport
import Testing
import Version

@Suite(.timeLimit(.minutes(1)))
struct VersionTests {
    @Test("both programs print the version", arguments: ["gauntlet", "todo-server"])
    func programs(_ name: String) async throws {
        let result = try await Program.shell("'\(try Programs.built(name))' --version")
        #expect(result.output == "\(Release.version)\n" && result.code == 0, "\(result)")
    }

    @Test("no other source file contains the version")
    func sources() throws {
        let others = try Golden.files(below: "Sources", ending: ".swift").filter { path in
            let text = String(decoding: try Golden.read(path), as: UTF8.self)
            return path != "Sources/Version/Release.swift" && text.contains("\"\(Release.version)\"")
        }
        #expect(others == [])
    }

    @Test("the changelog names the version as its newest release or, before the first one, as the first")
    func changelog() throws {
        let text = String(decoding: try Golden.read("CHANGELOG.md"), as: UTF8.self)
        #expect(text.contains("## [Unreleased]"))
        let newest = text.firstMatch(of: /(?m)^## \[(\d[^\]]*)\]/).map { String($0.1) }
        let first = text.firstMatch(of: /\bfrom (\d+\.\d+\.\d+) on\b/).map { String($0.1) }
        #expect((newest ?? first) == Release.version)
    }

    @Test("the documentation names no other version of the programs")
    func documentation() throws {
        let paths = try ["README.md"] + Golden.files(below: "docs", ending: ".md")
        for path in paths {
            let text = String(decoding: try Golden.read(path), as: UTF8.self)
            for match in text.matches(of: /(?:gauntlet|todo-server|version) v?(\d+\.\d+\.\d+)/) {
                #expect(match.1 == Release.version, "\(path): \(match.0)")
            }
        }
    }
}
