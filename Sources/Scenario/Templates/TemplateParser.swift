/// Parses the `{{…}}` in a text.
package struct TemplateParser {
    private let bytes: [UInt8]
    private var offset = 0

    /// A syntax error in a template. The range is in UTF-8 bytes of its text.
    package struct Fault: Error {
        package let message: String
        package let range: Range<Int>
        package var help: String?
    }

    private init(_ text: String) { bytes = Array(text.utf8) }

    package static func parse(_ text: String) throws(Fault) -> Template {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return Template(text: text) }
        var parser = TemplateParser(text)
        return try parser.template()
    }

    private mutating func template() throws(Fault) -> Template {
        var parts: [Template.Part] = []
        var start = 0
        while offset < bytes.count {
            guard at("{{") else {
                offset += 1
                continue
            }
            if offset > start { parts.append(.text(text(start..<offset))) }
            let opening = offset
            offset += 2
            skipSpace()
            if offset >= bytes.count { throw Self.unclosed(opening) }
            if at("}}") {
                throw Fault(message: "expected an expression between {{ and }}", range: opening..<offset + 2)
            }
            let expression = try expression(depth: 0)
            skipSpace()
            guard at("}}") else {
                if offset >= bytes.count { throw Self.unclosed(opening) }
                throw Fault(message: "expected }} here", range: offset..<offset + 1)
            }
            offset += 2
            start = offset
            parts.append(.expression(expression))
        }
        if offset > start { parts.append(.text(text(start..<offset))) }
        return Template(parts: parts)
    }

    private mutating func expression(depth: Int) throws(Fault) -> Expression {
        guard depth < 32 else {
            throw Fault(message: "function calls are nested too deeply", range: offset..<offset + 1)
        }
        guard let byte = peek else { throw Fault(message: "unexpected end of the expression", range: offset..<offset) }
        switch byte {
        case UInt8(ascii: "'"): return .literal(.string(try string()))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .literal(.number(try number()))
        case _ where Self.startsName(byte): return try named(depth: depth)
        default:
            throw Fault(
                message: "expected a variable, a function, a number or a 'string'", range: offset..<offset + 1)
        }
    }

    private mutating func named(depth: Int) throws(Fault) -> Expression {
        let start = offset
        let name = name()
        skipSpace()
        if peek == UInt8(ascii: "(") { return try call(name, at: start..<start + name.utf8.count, depth: depth) }
        switch name {
        case "true": return .literal(.boolean(true))
        case "false": return .literal(.boolean(false))
        case "null": return .literal(.null)
        default: break
        }
        var path: [Expression.PathElement] = []
        while let byte = peek, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") {
            offset += 1
            if byte == UInt8(ascii: ".") {
                guard let next = peek, Self.startsName(next) else {
                    throw Fault(message: "expected a member name after the dot", range: offset - 1..<offset)
                }
                path.append(.member(self.name()))
            } else {
                let digits = offset
                while let digit = peek, Self.isDigit(digit) { offset += 1 }
                guard let index = Int(text(digits..<offset)), peek == UInt8(ascii: "]") else {
                    throw Fault(message: "expected an index such as [0]", range: digits - 1..<max(digits, offset))
                }
                offset += 1
                path.append(.element(index))
            }
        }
        return .variable(name, path: path)
    }

    private mutating func call(_ name: String, at range: Range<Int>, depth: Int) throws(Fault) -> Expression {
        guard let function = TemplateFunction(rawValue: name) else {
            throw Fault(
                message: "unknown function \(name)()", range: range,
                help: Suggestion.help(for: name, among: TemplateFunction.allCases.map(\.rawValue)))
        }
        offset += 1
        var arguments: [Expression] = []
        skipSpace()
        if peek != UInt8(ascii: ")") {
            while true {
                skipSpace()
                arguments.append(try expression(depth: depth + 1))
                skipSpace()
                if peek == UInt8(ascii: ",") {
                    offset += 1
                } else if peek == UInt8(ascii: ")") {
                    break
                } else {
                    throw Fault(message: "expected , or ) here", range: offset..<min(offset + 1, bytes.count))
                }
            }
        }
        offset += 1
        guard function.parameterCount.contains(arguments.count) else {
            throw Fault(
                message: "\(name)() was given \(arguments.count) argument\(arguments.count == 1 ? "" : "s")",
                range: range, help: "usage: \(function.usage)")
        }
        return .call(function, arguments: arguments)
    }

    private mutating func string() throws(Fault) -> String {
        let start = offset
        offset += 1
        var content: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "'") {
            if byte == UInt8(ascii: "\\"), offset + 1 < bytes.count { offset += 1 }
            content.append(bytes[offset])
            offset += 1
        }
        guard peek != nil else { throw Fault(message: "the string is not closed by '", range: start..<start + 1) }
        offset += 1
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func number() throws(Fault) -> JSONNumber {
        let start = offset
        while let byte = peek, Self.isDigit(byte) || "+-.eE".utf8.contains(byte) { offset += 1 }
        guard let number = JSONNumber(literal: text(start..<offset)) else {
            throw Fault(message: "this is not a valid JSON number", range: start..<offset)
        }
        return number
    }

    private mutating func name() -> String {
        let start = offset
        while let byte = peek, Self.startsName(byte) || Self.isDigit(byte) { offset += 1 }
        return text(start..<offset)
    }

    private static func unclosed(_ opening: Int) -> Fault {
        Fault(message: "{{ is not closed by }}", range: opening..<opening + 2)
    }

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func at(_ text: String) -> Bool { bytes[offset...].starts(with: text.utf8) }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func startsName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte >= 0x80
    }
}
