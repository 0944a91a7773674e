import Glibc
import Testing
import TestSupport

@Suite struct SpawningTests {
    @Test("a spawned program inherits no files")
    func aProgramInheritsNoFiles() async throws {
        let (reading, writing) = try makePipe()
        let inherited = open("/dev/null", O_RDONLY)
        defer { for descriptor in [reading, inherited] { close(descriptor) } }
        let id = try spawn("/bin/sh", ["-c", "echo /proc/self/fd/*"], output: writing)
        close(writing)
        let text = try await blocking { read(from: reading, upTo: 4096) } ?? []
        #expect(try await blocking { waitForEnd(of: id) } == 0)
        // The last descriptor is the directory that the shell reads.
        #expect(
            String(decoding: text, as: UTF8.self)
                == "/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3\n")
    }
}
