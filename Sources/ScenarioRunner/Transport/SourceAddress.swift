import Glibc
import SystemPackage

/// An address that connections are made from, where that is not left to the system.
package struct SourceAddress: Hashable, Sendable {
    package let text: String
    /// Whether no other will do, because a person named it. One that a scenario has of its own is for a server on IPv4
    /// loopback: towards any other the system chooses.
    package let isDemanded: Bool

    package init(_ text: String, isDemanded: Bool = false) {
        self.text = text
        self.isDemanded = isDemanded
    }

    /// Of which family the addresses of a host must be that are to be reached from here.
    func family(towards host: String) -> Int32 {
        // An address is of the family it is of; a name may have some of each.
        guard (try? SocketAddress.numeric(host)) == nil else { return AF_UNSPEC }
        if isDemanded { return text.contains(":") ? AF_INET6 : AF_INET }
        return host == "localhost" ? AF_INET : AF_UNSPEC
    }

    /// What a socket to a destination is bound to; nil for the system's choice.
    ///
    /// - Throws: where the destination cannot be reached from an address that is demanded.
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

    /// Why a socket could not be bound to it.
    func failure(_ code: Errno) -> TransportError {
        code == .addressNotAvailable
            ? TransportError(
                .other, "cannot send requests from \(text): it is not an address of this machine",
                help: "\"address\" in the scenario's \"client\" sets the source address")
            : TransportError(.other, "cannot send requests from \(text): \(code)")
    }
}
