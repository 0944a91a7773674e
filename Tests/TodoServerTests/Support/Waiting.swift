import Glibc

struct NeverHappened: Error, CustomStringConvertible {
    var description: String
}

/// Polls until a condition holds. The default time limit allows for a busy machine.
func waitUntil(
    _ what: String, within time: Duration = .seconds(20), _ holds: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + time
    while try await !holds() {
        guard ContinuousClock.now < deadline else { throw NeverHappened(description: "\(what), within \(time)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// A free loopback port.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> in_port_t? in
            guard bind(descriptor, address, length) == 0, getsockname(descriptor, address, &length) == 0 else {
                return nil
            }
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_port }
        }
    }
    guard let port else { throw NeverHappened(description: "a free port") }
    return Int(in_port_t(bigEndian: port))
}
