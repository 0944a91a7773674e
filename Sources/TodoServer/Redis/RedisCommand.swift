import NIOCore

/// A command, sent as an array of bulk strings.
package struct RedisCommand: Sendable {
    package enum Argument: Sendable {
        case text(String)
        case bytes(ByteBuffer)
    }

    package var name: StaticString
    package var arguments: [Argument]

    package init(_ name: StaticString, _ arguments: Argument...) {
        self.name = name
        self.arguments = arguments
    }

    package init(_ name: StaticString, arguments: [Argument]) {
        self.name = name
        self.arguments = arguments
    }

    package func write(into buffer: inout ByteBuffer) {
        var room = Self.lineRoom * 2 + name.utf8CodeUnitCount
        for argument in arguments { room += Self.lineRoom + argument.count }
        buffer.writeWithOutputRawSpan(minimumWritableBytes: room) { output in
            output.appendLine("*", arguments.count + 1)
            output.appendLine("$", name.utf8CodeUnitCount)
            output.append(name)
            output.append("\r\n")
            for argument in arguments {
                output.appendLine("$", argument.count)
                switch argument {
                case .text(let text): output.append(text)
                case .bytes(let bytes): output.append(bytes)
                }
                output.append("\r\n")
            }
        }
    }

    /// Enough for a length line, and for the line end after the value.
    private static let lineRoom = 24
}

extension RedisCommand.Argument {
    fileprivate var count: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.readableBytes
        }
    }
}

extension OutputRawSpan {
    fileprivate mutating func appendLine(_ kind: StaticString, _ number: Int) {
        append(kind)
        appendDecimal(number)
        append("\r\n")
    }
}
