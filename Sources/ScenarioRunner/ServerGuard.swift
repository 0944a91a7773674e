import Glibc
import SystemPackage

/// Stops a served command when this program is killed or crashes before it could stop it.
///
/// A shell in a separate session reads from a socket whose other end only this program holds. However the program ends,
/// the kernel closes that end. The shell then stops the server's process group. A parent-death signal
/// (`PR_SET_PDEATHSIG`) would not do: it is sent when the *thread* that forked ends, and grandchildren do not inherit
/// it.
struct ServerGuard {
    /// The server's standard input. The code that starts the server closes it.
    let readEnd: FileDescriptor
    private let writeEnd: FileDescriptor

    init() throws {
        var ends: [Int32] = [-1, -1]
        // Close-on-exec from the start, so that no other child inherits it. A pipe would need a second call for that.
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        readEnd = FileDescriptor(rawValue: ends[0])
        writeEnd = FileDescriptor(rawValue: ends[1])
    }

    /// Ends the guard once the server has exited; nothing is stopped then.
    func dismiss() {
        // The guard may already be dead; no SIGPIPE in that case.
        send(writeEnd.rawValue, "\n", 1, Int32(MSG_NOSIGNAL))
        try? writeEnd.close()
    }

    /// The arguments of `/bin/sh` that start the guard and then exec the command in the same process.
    ///
    /// The guard starts first, so that the command is never without one. It is not a child of the command, which may
    /// wait for all of its children, and it holds none of the command's descriptors.
    static func words(for command: String) -> [String] { ["-c", start, "sh", watch, command] }

    private static let start = """
        exec 3<&0 </dev/null
        (setsid /bin/sh -c "$1" sh $$ <&3 3<&- >/dev/null 2>&1 &)
        exec 3<&-
        exec /bin/sh -c "$2"
        """

    /// A line of input dismisses the guard. End of input means that the program has ended.
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
