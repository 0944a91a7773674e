import Scenario
import SystemPackage

extension SourceFile {
    /// Where the paths in it begin: `.` is the working directory.
    package var directory: String {
        let directory = FilePath(path).removingLastComponent().string
        return directory.isEmpty ? "." : directory
    }

    /// What a path that stands in this file is from the working directory, without `.` and `..` where that can be.
    package func resolve(_ path: String) -> String {
        FilePath(directory).pushing(FilePath(path)).lexicallyNormalized().string
    }
}
