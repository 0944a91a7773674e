/// A table from a CSV file (RFC 4180). The first line names the columns.
struct CSVTable {
    struct Field {
        var text: String
        /// Byte offsets in the file, quotes included.
        var range: Range<Int>
    }

    /// Why a file is not a valid table.
    struct Fault: Error {
        var message: String
        var range: Range<Int>
        var help: String?
    }

    let header: [Field]
    let rows: [[Field]]

    init(parsing bytes: [UInt8]) throws(Fault) {
        var parser = CSVParser(bytes)
        let header = try parser.line() ?? []
        try Self.check(header)
        var rows: [[Field]] = []
        while let row = try parser.line() {
            // An empty line is a row only if there is a single column; its value is then empty.
            if row.count == 1, row[0].range.isEmpty, header.count != 1 { continue }
            guard row.count == header.count else {
                throw Fault(
                    message: "row \(rows.count + 1) has \(row.count) field\(row.count == 1 ? "" : "s"), "
                        + "but the header has \(header.count)",
                    range: row[0].range.lowerBound..<row[row.count - 1].range.upperBound,
                    help: "quote any field that contains a comma")
            }
            rows.append(row)
        }
        (self.header, self.rows) = (header, rows)
    }

    private static func check(_ header: [Field]) throws(Fault) {
        for (index, field) in header.enumerated() {
            guard !field.text.isEmpty else {
                throw Fault(
                    message: "column \(index + 1) has no name", range: field.range,
                    help: "the first line must name every column; each column is a variable")
            }
            guard !header[..<index].contains(where: { $0.text == field.text }) else {
                throw Fault(message: "duplicate column \"\(field.text)\"", range: field.range)
            }
        }
    }
}

/// Reads a CSV file line by line.
private struct CSVParser {
    private let bytes: [UInt8]
    private var place = 0

    private static let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // Spreadsheet programs write a byte order mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    /// The fields of the next line, or nil at the end of the file.
    mutating func line() throws(CSVTable.Fault) -> [CSVTable.Field]? {
        guard place < bytes.count else { return nil }
        var fields = [try field()]
        while place < bytes.count, bytes[place] == Self.comma {
            place += 1
            fields.append(try field())
        }
        place += lineEnd
        return fields
    }

    /// Length of the line ending here; 0 if there is none, as at the end of the file.
    private var lineEnd: Int {
        guard place < bytes.count else { return 0 }
        switch bytes[place] {
        case UInt8(ascii: "\n"): return 1
        case UInt8(ascii: "\r"): return place + 1 < bytes.count && bytes[place + 1] == UInt8(ascii: "\n") ? 2 : 1
        default: return 0
        }
    }

    private var isAtFieldEnd: Bool { place == bytes.count || bytes[place] == Self.comma || lineEnd > 0 }

    private mutating func field() throws(CSVTable.Fault) -> CSVTable.Field {
        let start = place
        if place < bytes.count, bytes[place] == Self.quote { return try quotedField() }
        while !isAtFieldEnd {
            guard bytes[place] != Self.quote else {
                throw CSVTable.Fault(
                    message: "unexpected quote in an unquoted field", range: place..<place + 1,
                    help: "quote the whole field and double each quote inside it")
            }
            place += 1
        }
        return CSVTable.Field(text: try text(bytes[start..<place], at: start), range: start..<place)
    }

    /// Everything inside the quotes is literal, line endings included, except that a quote is doubled.
    private mutating func quotedField() throws(CSVTable.Fault) -> CSVTable.Field {
        let start = place
        var content: [UInt8] = []
        place += 1
        while true {
            guard place < bytes.count else {
                throw CSVTable.Fault(message: "this quoted field is not closed", range: start..<start + 1)
            }
            let byte = bytes[place]
            place += 1
            if byte == Self.quote {
                guard place < bytes.count, bytes[place] == Self.quote else { break }
                place += 1
            }
            content.append(byte)
        }
        guard isAtFieldEnd else {
            throw CSVTable.Fault(
                message: "unexpected text after the closing quote", range: place..<place + 1,
                help: "double each quote inside a quoted field")
        }
        return CSVTable.Field(text: try text(content[...], at: start), range: start..<place)
    }

    private func text(_ content: ArraySlice<UInt8>, at start: Int) throws(CSVTable.Fault) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CSVTable.Fault(message: "this field is not valid UTF-8", range: start..<max(place, start + 1))
        }
        return text
    }
}
