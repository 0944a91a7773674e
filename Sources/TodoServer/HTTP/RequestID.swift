import NIOCore

/// A request's id in the log and in its response: chosen by the client, or a generated number.
package enum RequestID: Sendable, Hashable, CustomStringConvertible {
    case given(String)
    case made(UInt64)

    static let maximumLength = 128

    private static func digit(_ value: UInt64) -> UInt8 {
        UInt8(value) + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }

    /// A client's id for its request. Returns nil if it is too long or has characters that are not safe to repeat.
    package init?(given text: String) {
        guard (1...Self.maximumLength).contains(text.utf8.count), text.utf8.allSatisfy(\.isSafeInID) else { return nil }
        self = .given(text)
    }

    package var description: String {
        var buffer = ByteBuffer()
        buffer.writeWithOutputRawSpan(minimumWritableBytes: Self.maximumLength) { write(into: &$0) }
        return String(buffer: buffer)
    }

    func write(into output: inout OutputRawSpan) {
        switch self {
        case .given(let text): output.append(text)
        case .made(let number):
            for shift in stride(from: 60, through: 0, by: -4) { output.append(Self.digit(number >> shift & 0xF)) }
        }
    }
}

/// Generates request ids with SplitMix64. Each event loop's sequence has a random start, so ids are unique in practice.
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
