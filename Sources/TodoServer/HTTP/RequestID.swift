import NIOCore

/// What a request is called in the log and in its response: the client's own name for it, or a number.
package enum RequestID: Sendable, Hashable, CustomStringConvertible {
    case given(String)
    case made(UInt64)

    static let maximumLength = 128

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
