import NIOCore
import Testing

@testable import TodoServer

@Suite struct ClientAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::1", "0:0:0:0::/64"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
    ])
    func keys(_ address: String, _ key: String) throws {
        #expect(try ClientAddress(SocketAddress(ipAddress: address, port: 1)).key == key)
    }
}
