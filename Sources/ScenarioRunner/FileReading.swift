import Foundation

/// Reads files, and says in a few words why one cannot be read.
package enum FileReading {
    /// Why a file cannot be read: `there is no such file`.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The bytes of a file or a pipe.
    package static func bytes(at path: String) throws(Failure) -> [UInt8] {
        try check(path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        do {
            return Array(try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readToEnd() ?? Data())
        } catch {
            throw failure(errno)
        }
    }

    /// Throws where there is no file of this path that can be read; opens none, for a pipe would be closed to its writer.
    package static func check(_ path: String) throws(Failure) {
        guard access(path, R_OK) == 0 else { throw failure(errno) }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw failure(EISDIR) }
    }

    private static func failure(_ code: Int32) -> Failure {
        switch code {
        case ENOENT: Failure(description: "there is no such file")
        case EISDIR: Failure(description: "it is a directory")
        case EACCES: Failure(description: "permission denied")
        default: Failure(description: String(cString: strerror(code)))
        }
    }
}
