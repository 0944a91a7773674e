/// Splits CSV (RFC 4180) into rows. Copies only quoted fields.
struct CSVRows {
    private let bytes: [UInt8]
    private var position = 0
    private var nextLine = 1
    /// The line on which the last row began, from 1.
    private(set) var line = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // Skip the byte order mark that some tools write.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Reads the next row's fields; false at the end.
    mutating func next(_ fields: inout [ArraySlice<UInt8>]) throws(TraceError) -> Bool {
        guard position < bytes.count else { return false }
        line = nextLine
        fields.removeAll(keepingCapacity: true)
        while true {
            fields.append(try field())
            guard position < bytes.count else { return true }
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: ",") {
                if position == bytes.count {
                    fields.append([])
                    return true
                }
                continue
            }
            if byte == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") {
                position += 1
            }
            nextLine += 1
            return true
        }
    }

    /// Reads one field, up to a comma, the end of the line or the end of the file.
    private mutating func field() throws(TraceError) -> ArraySlice<UInt8> {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count {
                let byte = bytes[position]
                if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
                position += 1
            }
            return bytes[start..<position]
        }
        return try quotedField()
    }

    private mutating func quotedField() throws(TraceError) -> ArraySlice<UInt8> {
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") { nextLine += 1 }
            guard byte == UInt8(ascii: "\"") else {
                content.append(byte)
                continue
            }
            guard position < bytes.count else { return content[...] }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                content.append(byte)
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return content[...]
            default:
                throw TraceError(line: line, "a quoted field is followed by more than a comma; double the quotes in it")
            }
        }
        throw TraceError(line: line, "a quoted field does not end")
    }
}
