import NIOCore
import Testing

@testable import TodoServer

@Suite struct ConnectionMemoryTests {
    private final class Holder {
        var charge = ConnectionMemory<Holder>.Charge()
    }

    private func charge(_ memory: inout ConnectionMemory<Holder>, _ holder: Holder, own: Int, shared: Int = 0) {
        let new = ConnectionMemory<Holder>.Charge(own: own, shared: shared)
        memory.change(holder, from: holder.charge, to: new)
        holder.charge = new
    }

    @Test("the largest holder is found within a factor of two")
    func largest() throws {
        var memory = ConnectionMemory<Holder>(limit: 1_000_000)
        let holders = (0..<50).map { _ in Holder() }
        for _ in 0..<10_000 {
            let holder = holders[Int.random(in: 0..<50)]
            charge(&memory, holder, own: Bool.random() ? 0 : Int.random(in: 4096...100_000))
            let sizes = holders.map(\.charge.own)
            #expect(memory.used == sizes.reduce(0, +))
            #expect(memory.isOver == (memory.used > 1_000_000))
            if let found = memory.largest {
                #expect(found.charge.own * 2 >= sizes.max() ?? 0)
            } else {
                #expect(sizes.max() == 0)
            }
        }
        for holder in holders { charge(&memory, holder, own: 0) }
        #expect(memory.used == 0 && memory.largest == nil)
    }

    @Test("shared bodies count for every holder, but only once in the sum")
    func shared() {
        var memory = ConnectionMemory<Holder>(limit: 1_000_000)
        let body = ByteBuffer(repeating: 1, count: 100_000)
        let holders = (0..<10).map { _ in Holder() }
        var leases: [SharedBodies.Lease] = []
        for holder in holders {
            let (_, lease) = memory.bodies.take(ByteBuffer(bytes: Array(body.readableBytesView)))
            leases.append(lease)
            charge(&memory, holder, own: 0, shared: lease.share)
        }
        #expect(memory.used == 100_000)
        #expect(memory.largest === holders[0])
        for lease in leases { memory.bodies.giveBack(lease) }
        #expect(memory.used == 0)
    }
}

@Suite struct SharedBodiesTests {
    /// The address of the bytes in memory.
    private func place(_ buffer: ByteBuffer) -> UInt {
        buffer.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
    }

    @Test("equal bodies are stored once until the last one is returned")
    func equal() {
        var bodies = SharedBodies()
        let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
        let (first, one) = bodies.take(ByteBuffer(bytes: bytes))
        let (second, other) = bodies.take(ByteBuffer(bytes: bytes))
        #expect(place(first) == place(second))
        #expect(bodies.bytes == 50_000)
        bodies.giveBack(one)
        #expect(bodies.bytes == 50_000)
        bodies.giveBack(other)
        #expect(bodies.bytes == 0)
    }

    @Test("a body that differs in one byte is not shared", arguments: [0, 1, 777, 25_000, 49_998, 49_999])
    func different(_ index: Int) {
        var bodies = SharedBodies()
        var bytes = [UInt8](repeating: 7, count: 50_000)
        let (_, one) = bodies.take(ByteBuffer(bytes: bytes))
        bytes[index] = 8
        let (body, other) = bodies.take(ByteBuffer(bytes: bytes))
        #expect(body.readableBytesView.elementsEqual(bytes))
        #expect(bodies.bytes == 100_000)
        bodies.giveBack(one)
        bodies.giveBack(other)
        #expect(bodies.bytes == 0)
    }
}
