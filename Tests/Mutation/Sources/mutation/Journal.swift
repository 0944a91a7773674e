import Foundation
import Mutants

/// What is known about a module from this and earlier runs, so that a run can go on where another one stopped.
struct Journal {
    private let directory: URL
    private(set) var results: [String: MutantResult] = [:]
    /// Identities of the mutants that do not type-check.
    private(set) var uncompilable: Set<String> = []

    init(directory: URL) throws {
        self.directory = directory
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for line in lines(in: "results.jsonl") {
            let result = try JSONDecoder().decode(MutantResult.self, from: Data(line.utf8))
            results[result.mutant.identity] = result
        }
        uncompilable = Set(lines(in: "uncompilable.txt"))
    }

    mutating func add(_ result: MutantResult) throws {
        results[result.mutant.identity] = result
        try append(String(decoding: JSONEncoder().encode(result), as: UTF8.self), to: "results.jsonl")
    }

    mutating func addUncompilable(_ mutants: [Mutant]) throws {
        for mutant in mutants where uncompilable.insert(mutant.identity).inserted {
            try append(mutant.identity, to: "uncompilable.txt")
        }
    }

    func readReach() -> TestReach? {
        guard let data = try? Data(contentsOf: directory.appending(path: "reach.json")) else { return nil }
        return try? JSONDecoder().decode(TestReach.self, from: data)
    }

    func write(_ reach: TestReach) throws {
        try JSONEncoder().encode(reach).write(to: directory.appending(path: "reach.json"), options: .atomic)
    }

    var recordFile: URL { directory.appending(path: "reached.txt") }

    private func lines(in name: String) -> [String] {
        guard let data = try? Data(contentsOf: directory.appending(path: name)) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func append(_ line: String, to name: String) throws {
        let file = directory.appending(path: name)
        if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("\(line)\n".utf8))
    }
}
