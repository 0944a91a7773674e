extension TraceFile {
    /// Appends a whole file to a trace that may already hold requests.
    ///
    /// A file that was cut off, as by a crash, is read as far as its records are whole, and the trace has a
    /// ``RequestTrace/gap``.
    ///
    /// - Throws: ``TraceError`` with the place of the first byte that is not valid.
    package static func append(_ bytes: [UInt8], to trace: inout RequestTrace) throws(TraceError) {
        try append(TraceInput(bytes), to: &trace)
    }

    static func append(_ input: consuming TraceInput, to trace: inout RequestTrace) throws(TraceError) {
        var reader = TraceFileReader(input, userPrefix: trace.userPrefix)
        try reader.read(into: &trace)
    }
}

private struct TraceFileReader: ~Copyable {
    /// For one source, the numbers in the trace of each table's names.
    private struct Source {
        var numbers = [[UInt32]](repeating: [], count: TraceTable.allCases.count)
    }

    private var input: TraceInput
    private let userPrefix: [UInt8]
    private var origin: Nanoseconds = 0
    /// How many records are read at once.
    private static var piece: Int { 1 << 15 }
    private var sources: [UInt16: Source] = [:]
    private var count: UInt64 = 0

    init(_ input: consuming TraceInput, userPrefix: String) {
        self.input = input
        self.userPrefix = Array(userPrefix.utf8)
    }

    mutating func read(into trace: inout RequestTrace) throws(TraceError) {
        try readHeader()
        trace.records.reserveCapacity(trace.records.count + input.count / TraceLayout.recordSize)
        var position = TraceLayout.headerSize
        while true {
            guard position + TraceLayout.blockHeaderSize <= input.count else { return cutOff(&trace) }
            try input.cover(position..<position + TraceLayout.blockHeaderSize)
            guard let kind = TraceLayout.Block(rawValue: input[position]) else {
                throw TraceError(offset: position, "unknown kind of block \(input[position])")
            }
            let payload = position + TraceLayout.blockHeaderSize
            let length = input.load(UInt64.self, position + 8)
            let isWhole = length <= UInt64(input.count - payload)
            let end = isWhole ? payload + Int(length) : input.count
            switch kind {
            case .names: try readNames(at: position, payload..<end, isWhole, &trace)
            case .records: try readRecords(at: position, payload..<end, isWhole, &trace)
            case .promises: try readPromises(at: position, payload..<end, isWhole, &trace)
            case .end:
                guard isWhole else { return cutOff(&trace) }
                return try readEnd(at: position, payload..<end, &trace)
            }
            guard isWhole else { return cutOff(&trace) }
            position = end
        }
    }

    private mutating func readHeader() throws(TraceError) {
        guard input.count >= TraceLayout.headerSize else {
            throw TraceError(offset: input.count, "the file ends within its header")
        }
        try input.cover(0..<TraceLayout.headerSize)
        guard input[0..<TraceLayout.magic.count].elementsEqual(TraceLayout.magic) else {
            throw TraceError(offset: 0, "the file is damaged: its first line was converted, as by a transfer as text")
        }
        let version = input.load(UInt32.self, 8)
        guard version == TraceLayout.version else {
            throw TraceError(
                offset: 8, "the format's version is \(version); this program reads version \(TraceLayout.version)")
        }
        guard input.load(UInt32.self, 12) == UInt32(TraceLayout.recordSize) else {
            throw TraceError(offset: 12, "a record's size is not \(TraceLayout.recordSize)")
        }
        origin = input.load(UInt64.self, 16)
        guard origin <= TraceLayout.latest else {
            throw TraceError(offset: 16, "the origin of times is not below 2^62")
        }
    }

    // MARK: Blocks

    private mutating func readNames(
        at position: Int, _ payload: Range<Int>, _ isWhole: Bool, _ trace: inout RequestTrace
    ) throws(TraceError) {
        guard let table = TraceTable(rawValue: input[position + 1]) else {
            throw TraceError(offset: position + 1, "unknown table \(input[position + 1])")
        }
        let number = input.load(UInt16.self, position + 2)
        var source = sources.removeValue(forKey: number) ?? Source()
        defer { sources[number] = source }
        var next = payload.lowerBound
        for _ in 0..<input.load(UInt32.self, position + 4) {
            guard next + 4 <= payload.upperBound else {
                if isWhole { throw TraceError(offset: position, "the block holds fewer names than it says") }
                return
            }
            try input.cover(next..<next + 4)
            let length = Int(input.load(UInt32.self, next))
            guard length <= TraceLayout.longestName else {
                throw TraceError(offset: next, "a name is longer than \(TraceLayout.longestName) bytes")
            }
            guard next + 4 + length <= payload.upperBound else {
                if isWhole { throw TraceError(offset: next, "a name is longer than its block") }
                return
            }
            try input.cover(next..<next + 4 + length)
            let name = input[next + 4..<next + 4 + length]
            guard source.numbers[Int(table.rawValue)].count < table.capacity else {
                throw TraceError(offset: next, "more than \(table.capacity) names in a table")
            }
            let whole = table == .users && !userPrefix.isEmpty ? userPrefix[...] + name : name
            let number = whole.withUnsafeBytes { trace.number(of: $0, in: table) }
            guard Int(number) < table.capacity else {
                throw TraceError(offset: next, "more than \(table.capacity) names in the files' tables")
            }
            source.numbers[Int(table.rawValue)].append(number)
            next += 4 + length
        }
        guard next == payload.upperBound else {
            throw TraceError(offset: next, "the block holds more than its names")
        }
    }

    private mutating func readRecords(
        at position: Int, _ payload: Range<Int>, _ isWhole: Bool, _ trace: inout RequestTrace
    ) throws(TraceError) {
        let size = TraceLayout.recordSize
        let number = input.load(UInt16.self, position + 2)
        let whole = try self.whole(at: position, payload, isWhole, size: size)
        let source = sources[number] ?? Source()
        for index in 0..<whole {
            let start = payload.lowerBound + index * size
            if index % Self.piece == 0 { try input.cover(start..<start + min(Self.piece, whole - index) * size) }
            trace.records.append(try record(start, source))
        }
        count += UInt64(whole)
    }

    private mutating func readPromises(
        at position: Int, _ payload: Range<Int>, _ isWhole: Bool, _ trace: inout RequestTrace
    ) throws(TraceError) {
        let size = TraceLayout.promiseSize
        let number = input.load(UInt16.self, position + 2)
        let whole = try self.whole(at: position, payload, isWhole, size: size)
        let source = sources[number] ?? Source()
        for index in 0..<whole {
            let start = payload.lowerBound + index * size
            try input.cover(start..<start + size)
            let record = try record(start, source)
            let wait = input.load(UInt64.self, start + 32)
            guard wait <= TraceLayout.latest || wait == TraceRecord.never else {
                throw TraceError(offset: start + 32, "a time to wait is not below 2^62")
            }
            let remaining = input.load(UInt32.self, start + 40)
            trace.records.append(record)
            trace.promises.append(
                RateLimitPromise(
                    record, retryAfter: wait == TraceRecord.never ? nil : wait,
                    remaining: remaining == .max ? nil : remaining))
        }
        count += UInt64(whole)
    }

    private mutating func readEnd(at position: Int, _ payload: Range<Int>, _ trace: inout RequestTrace)
        throws(TraceError)
    {
        guard payload.count == TraceLayout.endSize else {
            throw TraceError(offset: position, "the end block's size is not \(TraceLayout.endSize)")
        }
        guard payload.upperBound == input.count else {
            throw TraceError(offset: payload.upperBound, "the file continues after its end block")
        }
        try input.cover(payload)
        let stated = input.load(UInt64.self, payload.lowerBound)
        guard stated == count else {
            throw TraceError(
                offset: payload.lowerBound, "the end block counts \(stated) records; the file has \(count)")
        }
        trace.gap = trace.gap + TraceGap(lost: input.load(UInt64.self, payload.lowerBound + 8))
    }

    private func cutOff(_ trace: inout RequestTrace) { trace.gap = trace.gap + TraceGap(isCutOff: true) }

    /// The number of whole records in a block.
    private func whole(
        at position: Int, _ payload: Range<Int>, _ isWhole: Bool, size: Int
    ) throws(TraceError) -> Int {
        let stated = UInt64(input.load(UInt32.self, position + 4))
        guard input.load(UInt64.self, position + 8) == stated * UInt64(size) else {
            throw TraceError(offset: position + 8, "a block of \(stated) records has another length")
        }
        return payload.count / size
    }

    // MARK: Records

    private func record(_ start: Int, _ source: Source) throws(TraceError) -> TraceRecord {
        let sent = input.load(UInt64.self, start)
        guard sent <= TraceLayout.latest - origin else {
            throw TraceError(offset: start, "a send time is not below 2^62")
        }
        var received = input.load(UInt64.self, start + 8)
        if received != TraceRecord.never {
            guard received >= sent, received <= TraceLayout.latest - origin else {
                throw TraceError(offset: start + 8, "a receive time is before the send time, or not below 2^62")
            }
            received += origin
        }
        let bits = input[start + 31]
        guard TraceLayout.isValid(bits: bits) else { throw TraceError(offset: start + 31, "unknown flags") }
        let outcome = TraceRecord.Outcome(rawValue: bits & 3) ?? .unknown
        guard received != TraceRecord.never || outcome == .unknown else {
            throw TraceError(offset: start + 8, "a request without a response has an outcome")
        }
        let value = input.load(UInt32.self, start + 20)
        let responseClass = input[start + 30]
        return TraceRecord(
            sent: origin + sent, received: received,
            key: try number(input.load(UInt32.self, start + 16), .keys, source, start + 16),
            value: value == TraceRecord.noValue ? value : try number(value, .values, source, start + 20),
            user: try number(input.load(UInt32.self, start + 24), .users, source, start + 24),
            step: UInt16(
                truncatingIfNeeded: try number(UInt32(input.load(UInt16.self, start + 28)), .steps, source, start + 28)),
            responseClass: responseClass == TraceRecord.noClass
                ? responseClass
                : UInt8(truncatingIfNeeded: try number(UInt32(responseClass), .classes, source, start + 30)),
            outcome: outcome, operation: TraceRecord.Operation(rawValue: bits >> 2 & 3) ?? .none,
            isRetried: bits & 1 << 4 != 0)
    }

    private func number(
        _ number: UInt32, _ table: TraceTable, _ source: Source, _ offset: Int
    ) throws(TraceError) -> UInt32 {
        let numbers = source.numbers[Int(table.rawValue)]
        guard Int(number) < numbers.count else {
            throw TraceError(offset: offset, "\(table) has no name with the number \(number)")
        }
        return numbers[Int(number)]
    }
}
