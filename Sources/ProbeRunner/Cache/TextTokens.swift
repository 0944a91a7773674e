/// The words of a text: runs of ASCII letters, digits, hyphens and underscores.
struct TextTokens {
    let words: [String]

    init(_ bytes: some Collection<UInt8>) {
        words = bytes.split { !Self.isPart($0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
