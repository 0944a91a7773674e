import Foundation
import Report
import Testing
import TestSupport

struct ReportFileTests {
    @Test("a file that can be written is replaced, with nothing left beside it")
    func replaces() async throws {
        try await TemporaryDirectory.with { directory in
            let file = ReportFile(path: "\(directory)/run.json")
            try file.check()
            try file.write("old, and longer")
            try file.write("new")
            #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "new")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["run.json"])
        }
    }

    @Test("what cannot be written is known before the run")
    func refuses() async throws {
        try await TemporaryDirectory.with { directory in
            #expect(throws: ReportFileError.self) { try ReportFile(path: "").check() }
            #expect(throws: ReportFileError.self) { try ReportFile(path: directory).check() }
            let missing = try #require(throws: ReportFileError.self) {
                try ReportFile(path: "\(directory)/no/run.json").check()
            }
            #expect(missing.description.hasSuffix("there is no directory \(directory)/no; create it first"))
            try ReportFile(path: "\(directory)/file").write("")
            #expect(throws: ReportFileError.self) { try ReportFile(path: "\(directory)/file/run.json").check() }
        }
    }

    @Test("a device is written to, not replaced")
    func device() throws {
        let file = ReportFile(path: "/dev/null")
        try file.check()
        try file.write("text")
        #expect(
            (try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType)
                == .typeCharacterSpecial)
    }
}
