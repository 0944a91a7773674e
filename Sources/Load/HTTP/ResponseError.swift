/// Why the bytes of a connection are not a response.
package enum ResponseError: Error, Equatable, Sendable {
    /// The bytes violate the grammar of RFC 9112.
    case malformed(Malformation)
    /// The status line and headers exceed the limit, in bytes.
    case headTooLarge(limit: Int)
    /// The body, as received on the wire, exceeds the limit, in bytes.
    case bodyTooLarge(limit: Int)
    /// The connection ended inside a response, after this many of its bytes.
    case truncated(received: Int)

    package enum Malformation: String, Sendable {
        case statusLine = "the status line is not HTTP/1.0 or HTTP/1.1 with a status of three digits"
        case upgrade = "101 Switching Protocols, but no upgrade was requested"
        case headerLine = "a header line is not `name: value`"
        case bareCarriageReturn = "a bare carriage return in the head"
        case nulByte = "a NUL byte in the head"
        case contentLength = "Content-Length is not a number"
        case conflictingLengths = "conflicting Content-Length values"
        case chunkSize = "a chunk's size is not a hexadecimal number"
        case chunkEnd = "a chunk is not followed by a line break"
        case trailer = "a trailer line is not `name: value`"
        case unsolicited = "unexpected bytes after the response"
    }
}

extension ResponseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let malformation): "malformed response: \(malformation.rawValue)"
        case .headTooLarge(let limit): "the response's head is longer than \(limit) bytes"
        case .bodyTooLarge(let limit): "the response's body is longer than \(limit) bytes"
        case .truncated(let received): "the connection ended \(received) bytes into a response"
        }
    }
}
