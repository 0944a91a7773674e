import Glibc
import ScenarioRunner
import TestSupport

@testable import Load

extension ScriptedServer {
    var address: SocketAddress { SocketAddress(ipv4: 0x7F00_0001, port: port) }
}

extension SocketAddress {
    /// A loopback address on which nothing listens.
    static func unused() throws -> SocketAddress {
        SocketAddress(ipv4: 0x7F00_0001, port: UInt16(try freePort()))
    }

    /// A listening socket that accepts no connection. Except for one or two that the kernel queues, none is
    /// established.
    static func deafListener() throws -> (descriptor: Int32, address: SocketAddress) {
        let address = try unused()
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard address.withPointer({ bind(listener, $0, $1) }) == 0, listen(listener, 0) == 0 else {
            throw LoadError.system(call: "listen", code: errno)
        }
        return (listener, address)
    }
}
