import Glibc
import SystemPackage

/// A source address of connections, where the system does not choose it.
package struct SourceAddress: Hashable, Sendable {
    package let text: String
    /// Whether the scenario or the user named this address, so that no other may be used.
    ///
    /// An automatic address is only for a server on IPv4 loopback; for other servers the system chooses.
    package let isDemanded: Bool

    package init(_ text: String, isDemanded: Bool = false) {
        self.text = text
        self.isDemanded = isDemanded
    }

    /// The family that a host's addresses must have to be reachable from this address.
    func family(towards host: String) -> Int32 {
        // A numeric address has its own family; a name may have addresses of both.
        guard (try? SocketAddress.numeric(host)) == nil else { return AF_UNSPEC }
        if isDemanded { return text.contains(":") ? AF_INET6 : AF_INET }
        return host == "localhost" ? AF_INET : AF_UNSPEC
    }

    /// The address to bind a socket for a destination to; nil for the system's choice.
    ///
    /// - Throws: if the destination cannot be reached from a required address.
    func address(towards destination: SocketAddress) throws(TransportError) -> SocketAddress? {
        guard [AF_INET, AF_INET6].contains(destination.family), isDemanded || destination.isIPv4Loopback else {
            return nil
        }
        let source = try SocketAddress.numeric(text)
        guard source.family == destination.family else {
            throw TransportError(
                .other, "the server has no address of the same family as the source address \(text)",
                help: "\"address\" in the scenario's \"client\" sets the source address")
        }
        guard destination.isIPv4Loopback || !source.isIPv4Loopback else {
            throw TransportError(
                .other, "the server is not on loopback, so it cannot be reached from \(text)",
                help: "\"address\" in the scenario's \"client\" sets the source address")
        }
        return source
    }

    /// The error for a socket that could not be bound to this address.
    func failure(_ code: Errno) -> TransportError {
        code == .addressNotAvailable
            ? TransportError(
                .other, "cannot send requests from \(text): it is not an address of this machine",
                help: "\"address\" in the scenario's \"client\" sets the source address")
            : TransportError(.other, "cannot send requests from \(text): \(code)")
    }
}
