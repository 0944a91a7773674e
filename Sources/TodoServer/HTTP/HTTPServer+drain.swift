import Glibc
import NIOCore
import NIOExtras
import NIOPosix

extension HTTPServer {
    /// Drains the accept queue, then closes the listener.
    ///
    /// Closing a listener resets the connections that the kernel has established and the server has not accepted. So
    /// new connections are blocked first, then the accept queue is drained, and only then is the listener closed.
    /// `drained` succeeds once all accepted connections have closed.
    func stopListening(
        _ channel: any Channel, _ quiescing: ServerQuiescingHelper, drained: EventLoopPromise<Void>
    ) async {
        try? await channel.eventLoop.submit { try Self.dropNewConnections(to: channel) }.get()
        for _ in 0..<Self.looks {
            guard let waiting = try? await Self.acceptQueue(of: channel), waiting > 0 else { break }
            try? await Task.sleep(for: .milliseconds(1))
        }
        // Let the connections accepted last reach their event loops.
        for eventLoop in group.makeIterator() { try? await eventLoop.submit {}.get() }
        quiescing.initiateShutdown(promise: drained)
    }

    /// Maximum number of checks of the accept queue, 1 ms apart.
    private static let looks = 1000

    /// Makes the kernel drop incoming connection requests, as if they were lost on the network.
    ///
    /// The client's TCP retries after a second and is refused. If the filter cannot be attached, the effect is the same
    /// as just closing the listener.
    private static func dropNewConnections(to channel: any Channel) throws {
        // `struct sock_filter`: a single BPF_RET (6) that keeps no bytes of the packet, which drops it.
        let dropsAll: (code: UInt16, jumpTrue: UInt8, jumpFalse: UInt8, kept: UInt32) = (6, 0, 0, 0)
        try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
            withUnsafeBytes(of: dropsAll) { instructions in
                // `struct sock_fprog`.
                var program = (count: UInt16(1), instructions: instructions.baseAddress)
                _ = setsockopt(
                    socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout.size(ofValue: program)))
            }
        }
    }

    /// The length of the accept queue. For a listening socket, Linux reports it as `tcpi_unacked`.
    private static func acceptQueue(of channel: any Channel) async throws -> UInt32 {
        guard let options = channel as? any SocketOptionProvider else { return 0 }
        return try await options.getTCPInfo().map(\.tcpi_unacked).get()
    }
}
