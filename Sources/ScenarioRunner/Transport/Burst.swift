import Foundation
import Glibc
import Scenario
import Synchronization

/// Requests released together from a barrier, once every connection is open and every handshake is complete.
///
/// This program opens the TCP connections first, and libcurl takes the sockets through its open-socket callback. If
/// nothing else must happen before a request, one thread sends them all: between the first and the last there are only
/// writes to sockets. With TLS, through a proxy, and over a unix socket, each connection has its own thread. It waits
/// for the others when libcurl reports that the connection is ready (`CURLOPT_PREREQFUNCTION`). libcurl would otherwise
/// send the request right after the handshake and has no other way to delay it.
package struct Burst {
    /// In the order of the requests.
    package var exchanges: [Exchange]
    package var measure: BurstMeasure

    static func run(
        _ requests: [(request: Request, url: String)], concurrency: Int, _ settings: ConnectionSettings,
        cookies: [String], addresses: LoopbackAddresses? = nil, stopFlag: StopFlag? = nil
    ) throws(TransportError) -> Burst {
        let width = min(concurrency, requests.count)
        var origins: [BaseURL] = []
        for (_, url) in requests.prefix(width) {
            guard let origin = BaseURL(Self.origin(of: url)) else {
                throw TransportError(.invalidRequest, "\"\(url)\" is not a valid URL")
            }
            origins.append(origin)
        }
        let isDirect = settings.options.proxy == nil && settings.options.unixSocket == nil
        let timeout = requests.map(\.request.options.timeout).max() ?? .seconds(30)
        let sources = origins.map { _ in addresses.map { SourceAddress($0.take()) } ?? settings.address }
        let sockets =
            isDirect
            ? try ConnectedSockets.open(
                to: origins, from: sources, timeout: timeout, settings.options.resolve, until: stopFlag)
            : []
        let connections = sources.enumerated().map { index, source in
            BurstConnection(source: source, socket: index < sockets.count ? sockets[index] : -1)
        }
        let queue = BurstQueue(requests, width: width, settings: settings, cookies: cookies, stopFlag: stopFlag)
        let part: BurstPart
        if isDirect, !origins.contains(where: \.isTLS) {
            part = try BurstLane(queue, connections).perform()
        } else {
            part = try perform(queue, connections, BurstBarrier(width: width, timeout: timeout, stopFlag: stopFlag))
        }
        return Burst(part, count: requests.count, width: width)
    }

    /// Runs the burst with one thread for each connection.
    private static func perform(
        _ queue: BurstQueue, _ connections: [BurstConnection], _ barrier: BurstBarrier
    ) throws(TransportError) -> BurstPart {
        let parts = Mutex<[BurstPart]>([])
        let threads = DispatchGroup()
        for (index, connection) in connections.enumerated() {
            threads.enter()
            do throws(TransportError) {
                try Threads.start {
                    do throws(TransportError) {
                        let part = try BurstLane(queue, [connection], first: index, barrier).perform()
                        parts.withLock { $0.append(part) }
                    } catch {
                        barrier.fail(error)
                    }
                    threads.leave()
                }
            } catch {
                connection.close()
                barrier.fail(error)
                threads.leave()
            }
        }
        threads.wait()
        if let failure = barrier.failure { throw failure }
        return parts.withLock { $0.reduce(into: BurstPart()) { $0.append($1) } }
    }

    private init(_ part: BurstPart, count: Int, width: Int) {
        exchanges = part.exchanges.sorted { $0.index < $1.index }.map(\.exchange)
        let first = part.releases.min()
        let spread = if let first, let last = part.releases.max() { last - first } else { Duration.zero }
        measure = BurstMeasure(
            count: count, concurrency: width, peakInFlight: InFlight.peak(part.intervals), spread: spread)
    }

    private static func origin(of url: String) -> String {
        url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3).joined(separator: "/")
    }
}

/// One connection of a burst, not yet used.
struct BurstConnection: Sendable {
    /// The source address; nil for the system's choice.
    var source: SourceAddress?
    /// Its connected socket; -1 if libcurl opens the connection.
    var socket: Int32

    func close() { if socket >= 0 { Glibc.close(socket) } }
}

/// The results of some of a burst's connections.
struct BurstPart: Sendable {
    var exchanges: [(index: Int, exchange: Exchange)] = []
    /// For each request, when it was sent and when its response had arrived.
    var intervals: [(sent: ContinuousClock.Instant, received: ContinuousClock.Instant)] = []
    /// When each of the requests released together was sent.
    var releases: [ContinuousClock.Instant] = []

    mutating func append(_ other: BurstPart) {
        exchanges += other.exchanges
        intervals += other.intervals
        releases += other.releases
    }
}

/// The requests of a burst. The first `width` belong to one connection each; the others go to any that is free.
final class BurstQueue: Sendable {
    let requests: [(request: Request, url: String)]
    let width: Int
    let settings: ConnectionSettings
    let cookies: [String]
    let stopFlag: StopFlag?
    private let taken: Atomic<Int>

    init(
        _ requests: [(request: Request, url: String)], width: Int, settings: ConnectionSettings, cookies: [String],
        stopFlag: StopFlag?
    ) {
        self.requests = requests
        self.width = width
        self.settings = settings
        self.cookies = cookies
        self.stopFlag = stopFlag
        taken = Atomic(width)
    }

    /// Takes the next request and returns its index; nil if none is left.
    func next() -> Int? {
        let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
        return index < requests.count ? index : nil
    }
}
