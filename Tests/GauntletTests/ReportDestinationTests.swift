import Foundation
import Glibc
import TestSupport
import Testing

@testable import gauntlet

struct ReportDestinationTests {
    @Test("a report replaces the file and leaves no temporary file")
    func replaces() async throws {
        try await TemporaryDirectory.with { directory in
            let file = ReportDestination(path: "\(directory)/run.json")
            try file.check()
            try file.write("old, and longer")
            try file.write("new")
            #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "new")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["run.json"])
        }
    }

    @Test("an unwritable path is rejected before the run")
    func refuses() async throws {
        try await TemporaryDirectory.with { directory in
            #expect(throws: ReportError.self) { try ReportDestination(path: "").check() }
            #expect(throws: ReportError.self) { try ReportDestination(path: directory).check() }
            let missing = try #require(throws: ReportError.self) {
                try ReportDestination(path: "\(directory)/no/run.json").check()
            }
            #expect(missing.description.hasSuffix("the directory \(directory)/no does not exist; create it first"))
            try ReportDestination(path: "\(directory)/file").write("")
            #expect(throws: ReportError.self) { try ReportDestination(path: "\(directory)/file/run.json").check() }
        }
    }

    @Test("a pipe is written to, not replaced")
    func pipe() async throws {
        try await TemporaryDirectory.with { directory in
            let file = ReportDestination(path: "\(directory)/pipe")
            #expect(mkfifo(file.path, 0o600) == 0)
            // Open for reading and writing, so that neither end blocks.
            let descriptor = open(file.path, O_RDWR)
            defer { close(descriptor) }
            try file.check()
            try file.write("text")
            let type = try FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
            try #require(type != .typeRegular)
            var buffer = [UInt8](repeating: 0, count: 4)
            #expect(read(descriptor, &buffer, 4) == 4)
            #expect(buffer == Array("text".utf8))
        }
    }
}
