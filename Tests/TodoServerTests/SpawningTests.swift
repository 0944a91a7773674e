import Glibc
import Testing

@Suite struct SpawningTests {
    /// Not one that is open here, nor one that this process means to pass on.
    @Test func aProgramInheritsNoFiles() async throws {
        let inherited = try #require(open("/dev/null", O_RDONLY) as Int32?)
        defer { close(inherited) }
        let child = try ChildProcess("/bin/sh", ["-c", "cd /proc/self/fd && echo *"])
        defer { child.stop() }
        // A shell's listing opens one more.
        #expect(try await child.nextLine() == "0 1 2 3")
    }
}
