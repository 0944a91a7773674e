import Glibc

/// The three standard file descriptors.
enum StandardDescriptors {
    /// Opens those that are closed, in a mode that makes using them fail. Otherwise the next socket or file would
    /// become standard output, for example, and receive what is printed.
    static func occupy() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) == -1 {
            // open() returns the lowest free descriptor, which is this one because all lower ones are in use.
            _ = open("/dev/null", mode)
        }
    }
}
