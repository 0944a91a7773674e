import Foundation
import NIOCore
import Testing

@testable import TodoServer

@Suite struct ClientAddressTests {
    @Test(
        "an IPv4 client is its address, and an IPv6 client is its /64",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::1", "0:0:0:0::/64"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ])
    func keys(_ address: String, _ key: String) throws {
        #expect(try ClientOrigin(peer: SocketAddress(ipAddress: address, port: 1)).client(forwardedFor: nil).key == key)
    }

    /// The connection is from 10.0.0.1; 10.0.0.0/8 and 2001:db8::/32 are proxies.
    @Test(
        "a trusted proxy's X-Forwarded-For names the client",
        arguments: [
            (nil, "10.0.0.1"), ("", "10.0.0.1"), ("192.0.2.7", "192.0.2.7"), ("192.0.2.7:4711", "192.0.2.7"),
            ("1.1.1.1, 192.0.2.7", "192.0.2.7"), ("1.1.1.1, 192.0.2.7, 10.2.3.4", "192.0.2.7"),
            ("192.0.2.7,2001:db8:5::1 ,\t10.2.3.4", "192.0.2.7"), ("10.9.9.9, 10.2.3.4", "10.9.9.9"),
            ("1.1.1.1, nonsense, 10.2.3.4", "10.2.3.4"), ("1.1.1.1, unknown", "10.0.0.1"),
            ("1.1.1.1, 2001:db9:1:2:3::", "2001:db9:1:2::/64"), ("1.1.1.1, [2001:db9:1:2::7]:80", "2001:db9:1:2::/64"),
        ] as [(String?, String)])
    func proxiesAreBelieved(_ field: String?, _ key: String) throws {
        let proxies = try AddressBlock.list(parsing: "10.0.0.0/8, 2001:db8::/32")
        let origin = try ClientOrigin(peer: SocketAddress(ipAddress: "10.0.0.1", port: 1), proxies: proxies)
        #expect(origin.client(forwardedFor: field).key == key)
    }

    /// The cases are from Python's ipaddress: Tests/Wire/forwarded.py wrote them.
    @Test("X-Forwarded-For is parsed like the reference implementation does")
    func reference() throws {
        let proxies = try AddressBlock.list(parsing: "127.0.0.0/8, 10.0.0.0/8, 2001:db8::/32")
        let origin = try ClientOrigin(peer: SocketAddress(ipAddress: "10.0.0.1", port: 1), proxies: proxies)
        let file = URL(filePath: #filePath).appending(path: "../../../Wire/forwarded.txt").standardized
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count > 600)
        for line in lines {
            let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            let field = String(decoding: Self.unescape(parts[1]), as: UTF8.self)
            #expect(origin.client(forwardedFor: field).key == String(parts[0]), "\(line)")
        }
    }

    /// The bytes of a text in which some are written as `\xd8`.
    private static func unescape(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let value = UInt8(String(Substring(rest.dropFirst().prefix(2))), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    @Test("an address with a NUL is invalid")
    func nul() {
        #expect(IPAddress("192.0.2.7") != nil)
        #expect(IPAddress("192.0.2.7\0") == nil)
    }

    @Test("X-Forwarded-For from an untrusted peer is ignored")
    func othersAreNot() throws {
        let proxies = try AddressBlock.list(parsing: "10.0.0.0/8")
        let origin = try ClientOrigin(peer: SocketAddress(ipAddress: "11.0.0.1", port: 1), proxies: proxies)
        #expect(origin.client(forwardedFor: "192.0.2.7").key == "11.0.0.1")
    }

    @Test(
        "a block contains exactly the addresses with its prefix",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false), ("0.0.0.0/0", "192.0.2.7", true), ("0.0.0.0/0", "::1", false),
            ("::/0", "192.0.2.7", true), ("2001:db8::/32", "2001:db8:ffff::", true),
            ("2001:db8::/33", "2001:db8:8000::", false),
            ("2001:db8::1/128", "2001:db8::2", false), ("192.0.2.128/25", "192.0.2.127", false),
            ("::ffff:10.0.0.0/104", "10.1.1.1", true),
        ])
    func blocks(_ block: String, _ address: String, _ contains: Bool) throws {
        let address = try #require(IPAddress(address))
        #expect(try AddressBlock(parsing: block).contains(address) == contains)
    }

    @Test(
        "an invalid block is rejected",
        arguments: [
            "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "::/129", "localhost", "10.0.0.1,",
            "1.2.3.4/8/8",
        ])
    func refusesOtherBlocks(_ text: String) {
        #expect(throws: AddressBlock.ParsingError.self) { try AddressBlock.list(parsing: text) }
    }
}
