import Glibc
import HeapModule
import ScenarioRunner
import Synchronization

@testable import Load

/// Simulates time, the network, one server and one thread of the generator.
///
/// Nothing happens between two events, so time jumps from one to the next. The same seed gives the same run.
final class SimulatedWorld {
    private struct Event: Comparable {
        var at: Nanoseconds
        var order: Int
        var kind: Kind

        static func < (left: Event, right: Event) -> Bool { (left.at, left.order) < (right.at, right.order) }
        static func == (left: Event, right: Event) -> Bool { left.order == right.order }
    }

    private enum Kind {
        case connected(Int, error: Int32)
        case arrive(Int, exchange: Int, [UInt8])
        case deliver(Int, [UInt8], exchange: Int?)
        case end(Int, error: Int32)
        case wake(Int)
    }

    private struct Link {
        var slot: Int
        var isOpen = true
        var isConnected = false
        var error: Int32 = 0
        var handshakeEnd: Nanoseconds?
        /// Bytes that have reached the client, and the position of the next read in them.
        var inbox: [UInt8] = []
        var read = 0
        /// When the last byte of `inbox` arrived.
        var arrivedAt: Nanoseconds = 0
        /// The exchange whose last byte is in `inbox`.
        var complete: Int?
        /// How the server ended the connection: 0 for an orderly end, or an error number.
        var end: Int32?
        var isReady = false
        var becomesWritable = false
    }

    private(set) var now: Nanoseconds
    /// Time during which the thread ran, and during which it was ready but not scheduled.
    private(set) var processorTime: Nanoseconds = 0
    private(set) var runDelay: Nanoseconds = 0
    let start: Nanoseconds
    let server: SimulatedServer
    let generator: SimulatedGenerator
    private(set) var truth = SimulatedTruth()

    private var random: SplitMix64
    private var events = Heap<Event>()
    private var order = 0
    private var links: [Link] = []
    private var ready: [Int] = []
    private var found: [ReadyEvent] = []
    private var nextHeartbeat: Nanoseconds
    /// When each of the server's workers is free.
    private var workers: Heap<Nanoseconds> = []
    private var requests = 0
    private var stop: (at: Nanoseconds, request: StopFlag)?

    /// The time at which simulation starts: any value except 0.
    static var origin: Nanoseconds { 1_000_000_000 }
    static var batch: Int { 512 }

    init(server: SimulatedServer, generator: SimulatedGenerator, start: Nanoseconds, seed: UInt64) {
        now = Self.origin
        self.start = start
        self.server = server
        self.generator = generator
        random = SplitMix64(seed: seed)
        nextHeartbeat = Self.origin + EngineSettings.heartbeat
    }

    /// Raises the request at an instant, relative to the run's start.
    func raise(_ request: StopFlag, at instant: Nanoseconds) { stop = (start + instant, request) }

    // MARK: Time

    /// Lets the thread run for a while.
    func spend(_ time: Nanoseconds) {
        guard time > 0 else { return }
        now += time
        processorTime += time
        standStill()
        fire()
    }

    /// Skips the stalls, during which the thread does not run.
    private func standStill() {
        for stall in generator.stalls where now >= start && stall.contains(now - start) {
            runDelay += start + stall.upperBound - now
            now = start + stall.upperBound
        }
    }

    /// Spends the time that rendering since the last call costs.
    func settle(_ renderer: SimulatedRenderer) {
        spend(UInt64(renderer.rendered.exchange(0, ordering: .relaxed)) * generator.costOfRendering)
    }

    private func schedule(_ kind: Kind, at instant: Nanoseconds) {
        order += 1
        events.insert(Event(at: instant, order: order, kind: kind))
    }

    private func fire() {
        if let stop, now >= stop.at { stop.request.set() }
        while let event = events.min, event.at <= now {
            events.removeMin()
            happen(event)
        }
    }

    private func happen(_ event: Event) {
        switch event.kind {
        case .connected(let link, let error):
            links[link].isConnected = true
            links[link].error = error
            links[link].becomesWritable = true
            signal(link)
        case .arrive(let link, let exchange, let bytes): arrive(link, exchange, bytes, at: event.at)
        case .deliver(let link, let bytes, let exchange):
            guard links[link].isOpen else { return }
            links[link].inbox += bytes
            links[link].arrivedAt = event.at
            if let exchange {
                links[link].complete = exchange
                truth.exchanges[exchange].arrivedAt = event.at
            }
            signal(link)
        case .end(let link, let error):
            links[link].end = error
            signal(link)
        case .wake(let link): signal(link)
        }
    }

    private func signal(_ link: Int) {
        guard links[link].isOpen, !links[link].isReady else { return }
        links[link].isReady = true
        ready.append(link)
    }

    // MARK: The server

    private func arrive(_ link: Int, _ exchange: Int, _ bytes: [UInt8], at time: Nanoseconds) {
        guard links[link].end == nil else { return }
        let request = SimulatedServer.Request(
            number: requests, time: time - min(time, start), slot: links[link].slot, bytes: bytes)
        requests += 1
        truth.exchanges[exchange].reachedServerAt = time
        switch server.treat(request, &random) {
        case .respond(let work, let status, let body, let pieces, let interval):
            let bytes = Array(
                "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
            let end = serve(work, from: time)
            truth.exchanges[exchange].status = status
            for piece in 0..<pieces {
                let range = bytes.count * piece / pieces..<bytes.count * (piece + 1) / pieces
                schedule(
                    .deliver(link, Array(bytes[range]), exchange: piece == pieces - 1 ? exchange : nil),
                    at: end + server.latency + UInt64(piece) * interval)
            }
        case .respondAndClose(let work, let isAnnounced):
            let field = isAnnounced ? "Connection: close\r\n" : ""
            let end = serve(work, from: time) + server.latency
            truth.exchanges[exchange].status = 200
            schedule(
                .deliver(
                    link, Array("HTTP/1.1 200 OK\r\n\(field)Content-Length: 2\r\n\r\n{}".utf8), exchange: exchange),
                at: end)
            schedule(.end(link, error: 0), at: end + 1)
        case .reset(let work): schedule(.end(link, error: ECONNRESET), at: serve(work, from: time) + server.latency)
        case .close(let work): schedule(.end(link, error: 0), at: serve(work, from: time) + server.latency)
        case .truncate(let work):
            let end = serve(work, from: time) + server.latency
            schedule(
                .deliver(link, Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".utf8), exchange: nil), at: end)
            schedule(.end(link, error: 0), at: end + 1)
        case .ignore: break
        }
    }

    /// - Returns: when the first free worker has finished the work.
    private func serve(_ work: Nanoseconds, from arrival: Nanoseconds) -> Nanoseconds {
        let begin = workers.count < server.concurrency ? arrival : max(arrival, workers.removeMin())
        let end = start + server.end(of: work, from: begin - min(begin, start))
        if server.concurrency < .max { workers.insert(end) }
        return end
    }

    // MARK: The client's system calls

    var eventCount: Int { found.count }

    func event(_ index: Int) -> ReadyEvent { found[index] }

    /// Waits until something is ready or `limit` is reached.
    func wait(until limit: Nanoseconds) -> Int {
        fire()
        while ready.isEmpty, now < nextHeartbeat, now < limit {
            now = max(now, min(events.min?.at ?? .max, nextHeartbeat, limit))
            fire()
        }
        standStill()
        fire()
        spend(generator.wakeup)
        return collect()
    }

    func poll() -> Int {
        fire()
        if ready.isEmpty, now < nextHeartbeat { spend(generator.costOfPoll) }
        return collect()
    }

    private func collect() -> Int {
        found.removeAll(keepingCapacity: true)
        if now >= nextHeartbeat {
            found.append(
                ReadyEvent(slot: ReadyEvent.heartbeat, isReadable: true, isWritable: false, hasEnded: false))
        }
        let batch = ready.prefix(Self.batch)
        for link in batch {
            links[link].isReady = false
            guard links[link].isOpen else { continue }
            found.append(
                ReadyEvent(
                    slot: links[link].slot, isReadable: links[link].read < links[link].inbox.count,
                    isWritable: links[link].becomesWritable,
                    hasEnded: links[link].end != nil || links[link].error != 0))
            links[link].becomesWritable = false
        }
        ready.removeFirst(batch.count)
        return found.count
    }

    func endHeartbeat() {
        while nextHeartbeat <= now { nextHeartbeat += EngineSettings.heartbeat }
    }

    func open(slot: Int) -> Int32 {
        let number = links.count
        links.append(Link(slot: slot))
        switch server.greet(number, &random) {
        case .accept(let time): schedule(.connected(number, error: 0), at: now + time)
        case .refuse(let time):
            truth.refusals += 1
            schedule(.connected(number, error: ECONNREFUSED), at: now + time)
        case .ignore: break
        }
        return Int32(number)
    }

    func connectError(_ descriptor: Int32) -> Int32 { links[Int(descriptor)].error }

    func handshake(_ descriptor: Int32) -> TLSStream.Progress {
        guard let time = server.handshake else { return .done }
        let link = Int(descriptor)
        guard let end = links[link].handshakeEnd else {
            links[link].handshakeEnd = now + time
            schedule(.wake(link), at: now + time)
            return .waiting
        }
        guard now >= end else { return .waiting }
        spend(generator.costOfHandshake)
        return .done
    }

    func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        let link = Int(descriptor)
        truth.exchanges.append(SimulatedTruth.Exchange(slot: links[link].slot, sentAt: now))
        spend(generator.costOfSend)
        if let end = links[link].end { return end == 0 ? -Int(EPIPE) : -Int(end) }
        schedule(.arrive(link, exchange: truth.exchanges.count - 1, Array(bytes)), at: now + server.latency)
        return bytes.count
    }

    func receive(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        let link = Int(descriptor)
        spend(generator.costOfReceive)
        let available = links[link].inbox.count - links[link].read
        guard available > 0 else {
            guard let end = links[link].end else { return -Int(EAGAIN) }
            return -Int(end)
        }
        let count = min(available, capacity)
        links[link].inbox.withUnsafeBytes {
            buffer.copyMemory(from: $0.baseAddress! + links[link].read, byteCount: count)
        }
        links[link].read += count
        if links[link].read == links[link].inbox.count {
            links[link].inbox.removeAll(keepingCapacity: true)
            links[link].read = 0
            if let exchange = links[link].complete { truth.exchanges[exchange].receivedAt = now }
            links[link].complete = nil
        }
        return count
    }

    /// When the last byte read arrived.
    func arrival(_ descriptor: Int32) -> Nanoseconds { links[Int(descriptor)].arrivedAt }

    func hasEnded(_ descriptor: Int32) -> Bool { links[Int(descriptor)].end != nil }

    func close(_ descriptor: Int32) { links[Int(descriptor)].isOpen = false }
}

/// Writes a request and counts how many it has written: the clock advances by their cost.
final class SimulatedRenderer: RequestRenderer {
    let rendered = Atomic<Int>(0)

    func render(into buffer: inout [UInt8], iteration: UserIteration) {
        rendered.add(1, ordering: .relaxed)
        buffer += "GET / HTTP/1.1\r\nHost: simulation\r\n\r\n".utf8
    }
}

/// The world's clock.
struct SimulatedClock: EngineClock {
    let world: SimulatedWorld
    let renderer: SimulatedRenderer

    func now() -> Nanoseconds {
        world.settle(renderer)
        return world.now
    }
    func wallTime() -> Double { 1.7e9 + Double(world.now) / 1e9 }
    func sleep(_ time: Nanoseconds) { world.spend(time) }
    func processorTime() -> Nanoseconds { world.processorTime }
    func usage() -> ThreadUsage {
        ThreadUsage(user: world.processorTime, system: 0, runDelay: world.runDelay)
    }
}

/// The world's network.
struct SimulatedTransport: EngineTransport {
    let world: SimulatedWorld

    var batchCapacity: Int { SimulatedWorld.batch }
    var isEncrypted: Bool { world.server.handshake != nil }
    func wait() -> Int { world.wait(until: .max) }
    func wait(atMost timeout: Nanoseconds) -> Int { world.wait(until: world.now + timeout) }
    func poll() -> Int { world.poll() }
    func event(_ index: Int) -> ReadyEvent { world.event(index) }
    func endHeartbeat() { world.endHeartbeat() }

    func open(_ socket: inout SocketHandle, slot: Int, from source: SocketAddress?) throws(ExchangeFailure) -> Bool {
        socket.descriptor = world.open(slot: slot)
        socket.isTimestamped = !isEncrypted && slot % world.generator.sampling == 0
        return false
    }

    func connectError(_ socket: SocketHandle) -> Int32 { world.connectError(socket.descriptor) }
    func handshake(_ socket: UnsafeMutablePointer<SocketHandle>) -> TLSStream.Progress {
        world.handshake(socket.pointee.descriptor)
    }
    func send(_ socket: SocketHandle, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        world.send(socket.descriptor, UnsafeRawBufferPointer(start: bytes, count: count))
    }
    func receive(_ socket: SocketHandle, _ buffer: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        world.receive(socket.descriptor, buffer, capacity)
    }
    func receive(
        _ socket: SocketHandle, _ buffer: UnsafeMutableRawPointer, _ capacity: Int, arrival: inout Nanoseconds
    ) -> Int {
        let count = world.receive(socket.descriptor, buffer, capacity)
        if count > 0 { arrival = world.arrival(socket.descriptor) }
        return count
    }
    func hasEnded(_ socket: SocketHandle) -> Bool { world.hasEnded(socket.descriptor) }
    func close(_ socket: inout SocketHandle) {
        if socket.descriptor >= 0 { world.close(socket.descriptor) }
        socket.descriptor = -1
    }
    func dispose(_ socket: inout SocketHandle) { close(&socket) }
}
