import Foundation
import Mutants

/// A copy of the checkout, in which sources are replaced and built.
struct WorkingCopy {
    let checkout: URL
    let copy: URL

    /// Makes the copy equal to the checkout, except for the given files. Only files that differ are written, so that only they
    /// are built again.
    func update(replacing replacements: [String: String]) throws -> TreeFingerprint {
        let manager = FileManager.default
        let wanted = try files(in: checkout)
        var hashes: [String: UInt64] = [:]
        for path in wanted.sorted() {
            let data = try replacements[path].map { Data($0.utf8) } ?? Data(contentsOf: checkout.appending(path: path))
            try write(data, to: path)
            hashes[path] = StableHash.hash(String(decoding: data, as: UTF8.self))
        }
        for (path, text) in replacements.sorted(by: { $0.key < $1.key }) where !wanted.contains(path) {
            try write(Data(text.utf8), to: path)
            hashes[path] = StableHash.hash(text)
        }
        for path in try files(in: copy) where !wanted.contains(path) && replacements[path] == nil {
            try manager.removeItem(at: copy.appending(path: path))
        }
        return TreeFingerprint(hashes)
    }

    /// The hash of the files that were built last.
    var builtFingerprint: String? { try? String(contentsOf: fingerprintFile, encoding: .utf8) }

    func noteBuilt(_ fingerprint: String) throws {
        try fingerprint.write(to: fingerprintFile, atomically: true, encoding: .utf8)
    }

    private var fingerprintFile: URL { copy.appending(path: ".build/mutation-fingerprint") }

    /// The mutated program is newer than anything built before, even where an old text returns.
    private func write(_ data: Data, to path: String) throws {
        let file = copy.appending(path: path)
        if let present = try? Data(contentsOf: file), present == data { return }
        let manager = FileManager.default
        try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        let isProgram = manager.isExecutableFile(atPath: checkout.appending(path: path).path)
        if isProgram { try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path) }
    }

    /// Paths of the regular files that are not build products.
    private func files(in root: URL) throws -> Set<String> {
        var files: Set<String> = []
        guard let enumerator = FileManager.default.enumerator(atPath: root.path) else { return files }
        while let path = enumerator.nextObject() as? String {
            let name = path.split(separator: "/").last ?? ""
            if name == ".git" || name.hasPrefix(".build") || path == "Tests/Mutation" {
                enumerator.skipDescendants()
            } else if enumerator.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                files.insert(path)
            }
        }
        return files
    }
}
