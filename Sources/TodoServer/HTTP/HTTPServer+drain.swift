import Glibc
import NIOCore
import NIOExtras
import NIOPosix

extension HTTPServer {
    /// Stops listening, and resets nobody: a listening socket that is closed takes those with it whom the kernel has
    /// connected and the server has not yet given to a loop. So nobody is connected any more, those who are get in, and
    /// then it is closed. Whoever is in is served before `drained` succeeds.
    func stopListening(
        _ channel: any Channel, _ quiescing: ServerQuiescingHelper, drained: EventLoopPromise<Void>
    ) async {
        try? await channel.eventLoop.submit { try Self.dropNewConnections(to: channel) }.get()
        for _ in 0..<Self.looks {
            guard let waiting = try? await Self.acceptQueue(of: channel), waiting > 0 else { break }
            try? await Task.sleep(for: .milliseconds(1))
        }
        // Those who were accepted last are on their way to their own loops.
        for eventLoop in group.makeIterator() { try? await eventLoop.submit {}.get() }
        quiescing.initiateShutdown(promise: drained)
    }

    /// How often it is looked whether somebody waits to be accepted, at most.
    private static let looks = 1000

    /// Has the kernel drop what asks for a connection, as if it were lost on the way: who asks tries again a second later,
    /// and is refused. Where the kernel does not do so nobody is worse off than with a socket that is just closed.
    private static func dropNewConnections(to channel: any Channel) throws {
        // `struct sock_filter`: the one instruction BPF_RET (6), with nothing to be kept of the packet.
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

    /// How many connections wait to be accepted. For a socket that listens, this is what Linux tells as unacknowledged.
    private static func acceptQueue(of channel: any Channel) async throws -> UInt32 {
        guard let options = channel as? any SocketOptionProvider else { return 0 }
        return try await options.getTCPInfo().map(\.tcpi_unacked).get()
    }
}
