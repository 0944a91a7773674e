import CCurl
import Glibc

/// Supplies libcurl with sockets that are bound to their source address or already connected.
final class SocketSupply {
    /// The address that sockets are bound to.
    var source: SourceAddress?
    /// A connected socket that libcurl has not taken yet.
    var connected: Int32 = -1
    /// The socket that libcurl took last; -1 if it has taken none.
    private(set) var latest: Int32 = -1
    /// Whether the socket that libcurl took last was connected.
    fileprivate var hasGivenConnected = false
    /// Why no socket was supplied. libcurl itself only reports that it could not connect.
    var failure: TransportError?

    /// Makes a handle take its sockets from this supply.
    func serve(_ handle: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        gauntlet_curl_set_opensocket_callback(handle, takeSocket)
        gauntlet_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, context)
        gauntlet_curl_set_sockopt_callback(handle, sayWhetherConnected)
        gauntlet_curl_set_pointer(handle, CURLOPT_SOCKOPTDATA, context)
    }

    /// Returns the socket for a new connection.
    fileprivate func take(to destination: SocketAddress) throws(TransportError) -> Int32 {
        hasGivenConnected = connected >= 0
        latest = hasGivenConnected ? connected : try ConnectedSockets.unconnected(to: destination, from: source)
        connected = -1
        ArrivalTimes.record(on: latest)
        return latest
    }

    deinit { if connected >= 0 { close(connected) } }
}

private func takeSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context, let address else { return -1 }
    let supply = Unmanaged<SocketSupply>.fromOpaque(context).takeUnretainedValue()
    // The address is the last field of the struct, and one of IPv6 or of a unix socket extends beyond it.
    let place = UnsafeRawPointer(address) + (MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0)
    let destination = SocketAddress(
        copying: place.assumingMemoryBound(to: sockaddr.self), length: Int(address.pointee.addrlen))
    do throws(TransportError) { return try supply.take(to: destination) } catch {
        supply.failure = error
        return -1
    }
}

private func sayWhetherConnected(
    _ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ purpose: curlsocktype
) -> Int32 {
    guard let context else { return CURL_SOCKOPT_ERROR }
    let supply = Unmanaged<SocketSupply>.fromOpaque(context).takeUnretainedValue()
    return supply.hasGivenConnected ? CURL_SOCKOPT_ALREADY_CONNECTED : CURL_SOCKOPT_OK
}
