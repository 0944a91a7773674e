extension JSONExtraction {
    /// Scans a value that no path leads into.
    /// - Parameter depth: the number of containers around it.
    func skip(from start: Int, depth: Int) throws(JSONSyntaxError) -> JSONExtract {
        var open = OpenContainers()
        var position = start
        var kind: JSONTapeEntry.Kind
        var outermost: JSONTapeEntry.Kind?
        var count = 0
        while true {
            switch text.byte(at: position) {
            case UInt8(ascii: "\""):
                let string = try text.stringEnd(from: position)
                kind = string.isEscaped ? .escapedString : .string
                position = string.end
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = text.byte(at: position) == UInt8(ascii: "{")
                guard depth + open.count < text.options.maximumDepth else { return JSONExtract() }
                kind = isObject ? .object : .array
                if outermost == nil { outermost = kind }
                position = try text.skipTrivia(at: position + 1)
                if text.byte(at: position) == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    position += 1
                } else {
                    open.push(isObject: isObject)
                    if open.count == 1 { count = 1 }
                    if isObject {
                        guard let value = try memberStart(at: position) else { return JSONExtract() }
                        position = value
                    }
                    continue
                }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                let number = try text.numberEnd(from: position)
                kind = number.isInteger ? .integer : .decimal
                position = number.end
            case UInt8(ascii: "t"):
                kind = .true
                position = try text.literalEnd("true", from: position)
            case UInt8(ascii: "f"):
                kind = .false
                position = try text.literalEnd("false", from: position)
            case UInt8(ascii: "n"):
                kind = .null
                position = try text.literalEnd("null", from: position)
            default: return JSONExtract()
            }
            // Close the containers that end here, up to the next value.
            var isAtValue = false
            while open.count > 0, !isAtValue {
                position = try text.skipTrivia(at: position)
                let isObject = open.isInObject
                if text.byte(at: position) == UInt8(ascii: ",") {
                    position = try text.skipTrivia(at: position + 1)
                    if isObject {
                        guard let value = try memberStart(at: position) else { return JSONExtract() }
                        position = value
                    }
                    if open.count == 1 { count += 1 }
                    isAtValue = true
                } else {
                    guard text.byte(at: position) == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                        return JSONExtract()
                    }
                    position += 1
                    open.pop()
                }
            }
            if !isAtValue { return JSONExtract(outermost ?? kind, start..<position, count: count) }
        }
    }

    /// Scans a member's name and the colon, up to its value.
    @inline(__always)
    private func memberStart(at start: Int) throws(JSONSyntaxError) -> Int? {
        guard text.byte(at: start) == UInt8(ascii: "\"") else { return nil }
        let colon = try text.skipTrivia(at: text.stringEnd(from: start).end)
        guard text.byte(at: colon) == UInt8(ascii: ":") else { return nil }
        return try text.skipTrivia(at: colon + 1)
    }
}

/// The containers around a position, each an array or an object: a bit each, up to the maximum depth.
private struct OpenContainers {
    private var objects = InlineArray<8, UInt64>(repeating: 0)
    private(set) var count = 0

    @inline(__always)
    mutating func push(isObject: Bool) {
        let (word, bit) = (count >> 6, UInt64(1) << UInt64(count & 63))
        if isObject { objects[word] |= bit } else { objects[word] &= ~bit }
        count += 1
    }

    @inline(__always)
    mutating func pop() { count -= 1 }

    /// Whether the innermost is an object. There must be one.
    @inline(__always)
    var isInObject: Bool { objects[(count - 1) >> 6] >> UInt64((count - 1) & 63) & 1 == 1 }
}
