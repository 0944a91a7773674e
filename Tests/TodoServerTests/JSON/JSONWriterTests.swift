import NIOCore
import Testing

@testable import TodoServer

@Suite struct JSONWriterTests {
    private func written(_ string: String) -> String {
        var buffer = ByteBuffer()
        buffer.writeJSON(string)
        return String(buffer: buffer)
    }

    @Test("only control characters, quotes and backslashes are escaped")
    func escapes() throws {
        #expect(written("a\"b\\c\n\r\t") == #""a\"b\\c\n\r\t""#)
        #expect(written("\u{0}\u{1f}\u{10}\u{f}\u{7f}") == "\"\\u0000\\u001f\\u0010\\u000f\u{7f}\"")
        #expect(written("é 🙂 /") == "\"é 🙂 /\"")
        #expect(written("") == "\"\"")
    }

    @Test("a written string is read back unchanged")
    func roundTrips() throws {
        for code in UInt32(0)..<0x300 {
            let scalar = try #require(Unicode.Scalar(code))
            for text in [String(scalar), "x" + String(scalar) + "y", String(repeating: String(scalar), count: 200)] {
                #expect(try JSONReader.value(of: Array(written(text).utf8)) == .string(text))
            }
        }
    }
}
