/// Writes reads and writes as a Jepsen history in EDN, which Elle and Knossos check.
///
/// Each request becomes an invocation and a completion: `:ok`, `:fail` if it was denied, `:info` if it may have taken
/// effect. A deletion writes nil.
enum JepsenHistory {
    enum Form { case elle, knossos }

    static func write(_ trace: borrowing RequestTrace, _ form: Form, to path: String) throws(TraceWriteError) {
        var file = try OutputFile(replacing: path)
        let accesses = trace.records.filter { $0.operation != .none }.sorted { $0.sent < $1.sent }
        let isKeyed = Set(accesses.map(\.key)).count > 1
        let processes = Self.processes(accesses)
        let ends = accesses.indices.filter { accesses[$0].received != TraceRecord.never }
            .sorted { accesses[$0].received < accesses[$1].received }
        let start = accesses.first?.sent ?? 0
        var piece: [UInt8] = []
        var (nextBegin, nextEnd, index) = (0, 0, 0)
        while nextBegin < accesses.count || nextEnd < ends.count {
            // At one instant, completions come last: operations that touch count as concurrent.
            let isBegin =
                nextBegin < accesses.count
                && (nextEnd == ends.count || accesses[nextBegin].sent <= accesses[ends[nextEnd]].received)
            let access = isBegin ? nextBegin : ends[nextEnd]
            let record = accesses[access]
            piece += "{:index \(index), :type \(isBegin ? ":invoke" : type(of: record)), ".utf8
            piece += ":process \(processes[access]), ".utf8
            piece.append(contentsOf: operation(of: record, form, isBegin: isBegin, isKeyed: isKeyed, trace))
            piece += ", :time \((isBegin ? record.sent : record.received) - start)}\n".utf8
            if isBegin { nextBegin += 1 } else { nextEnd += 1 }
            index += 1
            guard piece.count >= TraceExport.pieceSize else { continue }
            try file.write(piece)
            piece.removeAll(keepingCapacity: true)
        }
        try file.write(piece)
        try file.close()
    }

    private static func type(of record: TraceRecord) -> String {
        switch record.outcome {
        case .admitted: ":ok"
        case .denied: ":fail"
        // A read changes nothing, so it can be left out of the order.
        case .other, .unknown: record.operation == .read ? ":fail" : ":info"
        }
    }

    private static func operation(
        of record: TraceRecord, _ form: Form, isBegin: Bool, isKeyed: Bool, _ trace: borrowing RequestTrace
    ) -> [UInt8] {
        let isRead = record.operation == .read
        let isKnown = record.value != TraceRecord.noValue && record.operation != .delete
        let shown = isRead && (isBegin || record.outcome != .admitted)
        let value = isKnown && !shown ? literal(trace.values.bytes(of: record.value)) : Array("nil".utf8)
        let key = literal(trace.keys.bytes(of: record.key))
        let space = [UInt8(ascii: " ")]
        switch form {
        case .elle:
            let function = Array(":f :txn, :value [[\(isRead ? ":r" : ":w") ".utf8)
            return function + key + space + value + Array("]]".utf8)
        case .knossos:
            let function = Array(":f \(isRead ? ":read" : ":write"), :value ".utf8)
            guard isKeyed else { return function + value }
            return function + [UInt8(ascii: "[")] + key + space + value + [UInt8(ascii: "]")]
        }
    }

    /// A number if the text is one, otherwise a string.
    private static func literal(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let isNumber =
            (1...18).contains(text.count) && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && (text.count == 1 || text.first != UInt8(ascii: "0"))
        if isNumber { return Array(text) }
        var literal = [UInt8(ascii: "\"")]
        for byte in String(decoding: text, as: UTF8.self).utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { literal.append(UInt8(ascii: "\\")) }
            literal.append(byte)
        }
        return literal + [UInt8(ascii: "\"")]
    }

    /// Numbers of processes that do one operation at a time. A process whose operation has no known end is not used
    /// again, as in Jepsen.
    private static func processes(_ accesses: [TraceRecord]) -> [Int] {
        var processes: [Int] = []
        // The busy processes with their ends, in the order in which they become free.
        var busy: [(end: Nanoseconds, process: Int)] = []
        var free: [Int] = []
        var count = 0
        for access in accesses {
            while let first = busy.last, first.end < access.sent {
                free.append(first.process)
                busy.removeLast()
            }
            let process = free.popLast() ?? count
            if process == count { count += 1 }
            processes.append(process)
            let isInfo = type(of: access) == ":info"
            guard !isInfo, access.received != TraceRecord.never else { continue }
            // Sorted with the earliest end last. Few are busy at once.
            let place = busy.firstIndex { $0.end <= access.received } ?? busy.count
            busy.insert((access.received, process), at: place)
        }
        return processes
    }
}
