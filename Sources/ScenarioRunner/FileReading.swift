import Foundation

/// Reads files, with a short reason when one cannot be read.
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

    /// Throws if the path is not a readable file. Does not open it: closing a pipe would end it for its writer.
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
