import Glibc
import SystemPackage

/// Stops a served command when this program ends without stopping it: it was killed, or it crashed.
///
/// A shell in a session of its own reads from a socket whose other end only this program holds. The kernel closes that
/// end however the program ends, and the shell then stops the server's whole process group. A parent-death signal
/// (`PR_SET_PDEATHSIG`) would not do: it comes when the *thread* that forked ends, and grandchildren do not inherit it.
struct ServerGuard {
    /// The server's standard input. It is closed by whoever starts the server.
    let readEnd: FileDescriptor
    private let writeEnd: FileDescriptor

    init() throws {
        var ends: [Int32] = [-1, -1]
        // Closed on exec, so that no other child keeps it open; a pipe could be made so only in a second call.
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        readEnd = FileDescriptor(rawValue: ends[0])
        writeEnd = FileDescriptor(rawValue: ends[1])
    }

    /// Lets the guard end without stopping anything, once the server has ended.
    func dismiss() {
        // The guard may have been killed by somebody else: no signal for that.
        send(writeEnd.rawValue, "\n", 1, Int32(MSG_NOSIGNAL))
        try? writeEnd.close()
    }

    /// The words after `/bin/sh` that start the guard and then become the command, in the same process.
    ///
    /// The guard starts first, so that there is no moment without one. It is not a child of the command, which may wait
    /// for all of its children, and it holds none of the command's descriptors.
    static func words(for command: String) -> [String] { ["-c", start, "sh", watch, command] }

    private static let start = """
        exec 3<&0 </dev/null
        (setsid /bin/sh -c "$1" sh $$ <&3 3<&- >/dev/null 2>&1 &)
        exec 3<&-
        exec /bin/sh -c "$2"
        """

    /// A line dismisses it; the end of its input is the end of the program.
    private static let watch = """
        read -r word && exit
        kill -s TERM -- "-$1" || exit
        for second in 1 2 3 4 5; do
          sleep 1
          kill -s 0 -- "-$1" || exit
        done
        kill -s KILL -- "-$1"
        """
}
