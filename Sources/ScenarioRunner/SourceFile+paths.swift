import Scenario
import SystemPackage

extension SourceFile {
    /// The directory that paths in this file are relative to; `.` is the working directory.
    package var directory: String {
        let directory = FilePath(path).removingLastComponent().string
        return directory.isEmpty ? "." : directory
    }

    /// Resolves a path in this file against the working directory, with `.` and `..` removed where possible.
    package func resolve(_ path: String) -> String {
        // swift-system traps in debug builds when it normalises "./..".
        let isHere = directory == "."
        return (isHere ? FilePath(path) : FilePath(directory).pushing(FilePath(path))).lexicallyNormalized().string
    }
}
