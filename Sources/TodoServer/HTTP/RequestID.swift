import NIOCore

/// What a request is called in the log and in its response: the client's own name for it, or a number.
package enum RequestID: Sendable, Hashable, CustomStringConvertible {
    case given(String)
    case made(UInt64)

    private static let maximumLength = 128

    private static func digit(_ value: UInt64) -> UInt8 {
        UInt8(value) + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }

    /// A client's name for its request, where it is one that is safe to repeat.
    package init?(given text: String) {
        guard (1...Self.maximumLength).contains(text.utf8.count), text.utf8.allSatisfy(\.isSafeInID) else { return nil }
        self = .given(text)
    }

    package var description: String {
        var buffer = ByteBuffer()
        write(into: &buffer)
        return String(buffer: buffer)
    }

    func write(into buffer: inout ByteBuffer) {
        switch self {
        case .given(let text): buffer.writeString(text)
        case .made(let number):
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 16) { bytes in
                for index in 0..<16 { bytes[index] = Self.digit(number >> (60 - 4 * UInt64(index)) & 0xF) }
                return 16
            }
        }
    }
}

/// Numbers for requests, one sequence for each event loop: cheap, and alike to nobody else's (SplitMix64).
struct RequestIDs {
    private var state = UInt64.random(in: .min ... .max)

    mutating func next() -> RequestID {
        state &+= 0x9E37_79B9_7F4A_7C15
        var number = state
        number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return .made(number ^ (number >> 31))
    }
}

extension UInt8 {
    fileprivate var isSafeInID: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
