import Glibc
import SystemPackage

/// Finds a free port, and checks whether a server is listening.
package enum FreePort {
    /// A port on which no socket listens at the moment.
    package static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        defer { close(descriptor) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, length) == 0 && getsockname(descriptor, raw, &length) == 0
            }
        }
        guard code else { throw Errno(rawValue: errno) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    static func isListening(_ base: BaseURL) -> Bool {
        let sockets = try? ConnectedSockets.open(to: [base], from: [nil], timeout: .seconds(1))
        for socket in sockets ?? [] { close(socket) }
        return sockets != nil
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
