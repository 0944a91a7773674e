import Glibc
import SystemPackage
import Trace

/// Writes to files and descriptors. A failed write is reported as an error and never terminates the program.
package enum FileWriting {
    /// Why something could not be written: `No space left on device`.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        let code: Errno

        /// Whether the reading end of the pipe is closed.
        package var isClosedPipe: Bool { code == .brokenPipe }

        package var description: String { "\(code)" }
    }

    /// Writes all of the bytes. Waits while a non-blocking descriptor is not ready.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
        let code = DescriptorWriting.write(bytes, to: descriptor)
        guard code == 0 else { throw Failure(code: Errno(rawValue: code)) }
    }

    /// Replaces the content of a file atomically and keeps its permissions. Creates the file if there is none.
    ///
    /// Readers see either the old content or all of the new content. A symbolic link is followed.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
        let created = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard created >= 0 || errno == EEXIST else { throw Failure(code: Errno(rawValue: errno)) }
        if created >= 0 { close(created) }
        let place = resolved(path)
        var status = stat()
        guard stat(place, &status) == 0 else { throw Failure(code: Errno(rawValue: errno)) }
        var name = Array("\(place).XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw Failure(code: Errno(rawValue: errno)) }
        do throws(Failure) {
            defer { close(descriptor) }
            // Only a privileged user may change the owner; if it fails, the content is still right.
            _ = fchown(descriptor, status.st_uid, status.st_gid)
            try check(fchmod(descriptor, status.st_mode & 0o7777))
            try write(bytes, to: descriptor)
            try check(fsync(descriptor))
        } catch {
            unlink(name)
            if created >= 0 { unlink(place) }
            throw error
        }
        guard rename(name, place) == 0 else {
            let code = Errno(rawValue: errno)
            unlink(name)
            throw Failure(code: code)
        }
    }

    /// Writes to a file that is not replaced: a pipe, a terminal or another device.
    package static func write(_ bytes: [UInt8], toDevice path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(code: Errno(rawValue: errno)) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor)
    }

    private static func check(_ result: Int32) throws(Failure) {
        guard result == 0 else { throw Failure(code: Errno(rawValue: errno)) }
    }

    private static func resolved(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }
}
