import NIOCore

/// A command, to be written as an array of bulk strings.
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
        buffer.writeLine("*", arguments.count + 1)
        buffer.writeLine("$", name.utf8CodeUnitCount)
        buffer.writeStaticString(name)
        buffer.writeStaticString("\r\n")
        for argument in arguments {
            switch argument {
            case .text(let text):
                buffer.writeLine("$", text.utf8.count)
                buffer.writeString(text)
            case .bytes(let bytes):
                buffer.writeLine("$", bytes.readableBytes)
                buffer.writeImmutableBuffer(bytes)
            }
            buffer.writeStaticString("\r\n")
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func writeLine(_ kind: StaticString, _ number: Int) {
        writeStaticString(kind)
        writeDecimal(number)
        writeStaticString("\r\n")
    }
}
