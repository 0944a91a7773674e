import Foundation
import Testing

/// The folders of the server may only use the types of some others.
@Suite struct FolderTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../../Sources/TodoServer").standardized

    /// The text of a folder's files, without comments and strings.
    private static func code(in folder: String) throws -> [String: String] {
        let directory = root.appending(path: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        let files = try names.filter { $0.hasSuffix(".swift") }.map { name in
            let text = try String(contentsOf: directory.appending(path: name), encoding: .utf8)
            return (name, text.replacing(/\/\/.*|"[^"\n]*"/, with: ""))
        }
        return Dictionary(uniqueKeysWithValues: files)
    }

    /// The names of the types that a folder declares at top level.
    private static func types(in folder: String) throws -> Set<String> {
        let declaration = /(?m)^(?:package |final |private )*(?:struct|class|enum|protocol|typealias) (\w+)/
        return try code(in: folder).values.reduce(into: []) { types, text in
            types.formUnion(text.matches(of: declaration).map { String($0.output.1) })
        }
    }

    @Test(
        "a folder does not use the types of the folders that it must not know",
        arguments: [
            ("HTTP", ["Auth", "Cache", "Database", "Health", "Lists", "PostgreSQL", "RateLimit", "Redis", "Todos"]),
            ("Cache", ["HTTP", "Lists", "RateLimit"]),
            ("RateLimit", ["Cache", "Lists", "Todos"]),
        ])
    func knows(_ folder: String, not others: [String]) throws {
        let files = try Self.code(in: folder)
        #expect(!files.isEmpty)
        for other in others {
            let types = try Self.types(in: other)
            #expect(!types.isEmpty, "\(other)")
            for (file, text) in files {
                let used = Set(text.matches(of: /\w+/).map { String($0.output) }).intersection(types)
                #expect(used.isEmpty, "\(folder)/\(file) uses \(used.sorted()) of \(other)")
            }
        }
    }

    @Test("the edge does not mention todos")
    func edge() throws {
        for (file, text) in try Self.code(in: "HTTP") {
            #expect(!text.lowercased().contains("todo"), "\(file)")
        }
    }
}
