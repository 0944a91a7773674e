import Glibc
import Scenario
import ScenarioRunner

extension LoadTarget {
    /// Checks that connections can come from an address, as far as that can be known before the run.
    /// - Parameter text: the address as written in the scenario.
    /// - Throws: ``LoadError/invalid(setting:reason:)`` with what to do.
    func source(_ text: String) throws(LoadError) -> SocketAddress {
        func fault(_ reason: String) -> LoadError { .invalid(setting: "client.address \(text)", reason: reason) }
        guard let source = try? SocketAddress.numeric(text) else { throw fault("not a valid IP address") }
        guard source.family == address.family else {
            let kind = source.family == AF_INET6 ? "an IPv6" : "an IPv4"
            throw fault(
                "this is \(kind) address, but the server's, \(address), is not; use one of its family, or \"shared\"")
        }
        let descriptor = socket(source.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        guard source.withPointer({ bind(descriptor, $0, $1) }) == 0 else {
            throw fault(
                errno == EADDRNOTAVAIL
                    ? "not an address of this machine; `ip address` lists its addresses"
                    : "cannot bind to it: \(String(cString: strerror(errno)))")
        }
        return source
    }

    /// Whether the server is reachable from every address in 127.0.0.0/8.
    var isIPv4Loopback: Bool { address.isIPv4Loopback }
}
