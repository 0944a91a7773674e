import NIOCore
import Testing

@testable import TodoServer

@Suite struct UnsentOutputTests {
    @Test("no memory is held and no window runs while the socket takes everything")
    func nothingUnsent() {
        var output = UnsentOutput()
        output.wrote(1000, memory: 1024)
        output.update(unsent: 0)
        #expect(output.memory == 0)
        #expect(output.deadline == nil)
    }

    @Test("the socket is asked once in 8 KiB, and every time while something is unsent")
    func checks() {
        var output = UnsentOutput()
        output.wrote(8191, memory: 8191)
        #expect(!output.needsCheck)
        output.wrote(1, memory: 1)
        #expect(output.needsCheck)
        output.update(unsent: 0)
        #expect(!output.needsCheck)
        output.update(unsent: 1)
        #expect(output.needsCheck)
    }

    @Test("a client is measured by what it acknowledged, not by what the socket took")
    func acknowledged() {
        var output = UnsentOutput()
        output.wrote(1_000_000, memory: 0)
        output.update(unsent: 900_000)
        output.beginWindow(now: .uptimeNanoseconds(0), length: .seconds(20), inKernel: 100_000)
        #expect(output.deadline == .uptimeNanoseconds(20_000_000_000))
        output.update(unsent: 850_000)
        #expect(output.taken(inKernel: 150_000) == 0)
        #expect(output.taken(inKernel: 120_000) == 30_000)
        output.beginWindow(now: .uptimeNanoseconds(20_000_000_000), length: .seconds(20), inKernel: 120_000)
        #expect(output.taken(inKernel: 120_000) == 0)
    }

    @Test("the memory is that of unsent buffers and close to the unsent bytes")
    func memory() {
        var output = UnsentOutput()
        for _ in 0..<1000 {
            output.wrote(1000, memory: 1024)
            output.update(unsent: 10_000)
        }
        #expect((10_000...50_000).contains(output.memory))
        output.update(unsent: 0)
        #expect(output.memory == 0 && output.deadline == nil)
    }
}
