extension TraceFile {
    /// Appends a whole file to a trace that may already hold requests.
    ///
    /// A file that was cut off, as by a crash, is read as far as its records are whole, and the trace has a
    /// ``RequestTrace/gap``.
    ///
    /// - Throws: ``TraceError`` with the place of the first byte that is not valid.
    package static func append(_ bytes: [UInt8], to trace: inout RequestTrace) throws(TraceError) {
        var reader = TraceFileReader(bytes, userPrefix: trace.userPrefix)
        try reader.read(into: &trace)
    }
}

private struct TraceFileReader {
    /// For one source, the numbers in the trace of each table's names.
    private struct Source {
        var numbers = [[UInt32]](repeating: [], count: TraceTable.allCases.count)
    }

    private let bytes: [UInt8]
    private let userPrefix: [UInt8]
    private var origin: Nanoseconds = 0
    private var sources: [UInt16: Source] = [:]
    private var count: UInt64 = 0

    init(_ bytes: [UInt8], userPrefix: String) {
        self.bytes = bytes
        self.userPrefix = Array(userPrefix.utf8)
    }

    mutating func read(into trace: inout RequestTrace) throws(TraceError) {
        try readHeader()
        trace.records.reserveCapacity(trace.records.count + bytes.count / TraceLayout.recordSize)
        var position = TraceLayout.headerSize
        while true {
            guard position + TraceLayout.blockHeaderSize <= bytes.count else { return cutOff(&trace) }
            guard let kind = TraceLayout.Block(rawValue: bytes[position]) else {
                throw TraceError(offset: position, "unknown kind of block \(bytes[position])")
            }
            let payload = position + TraceLayout.blockHeaderSize
            let length = load(UInt64.self, position + 8)
            let isWhole = length <= UInt64(bytes.count - payload)
            let end = isWhole ? payload + Int(length) : bytes.count
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
        guard bytes.starts(with: TraceLayout.magic) else {
            throw TraceError(offset: 0, "the file is damaged: its first line was converted, as by a transfer as text")
        }
        guard bytes.count >= TraceLayout.headerSize else {
            throw TraceError(offset: bytes.count, "the file ends within its header")
        }
        let version = load(UInt32.self, 8)
        guard version == TraceLayout.version else {
            throw TraceError(
                offset: 8, "the format's version is \(version); this program reads version \(TraceLayout.version)")
        }
        guard load(UInt32.self, 12) == UInt32(TraceLayout.recordSize) else {
            throw TraceError(offset: 12, "a record's size is not \(TraceLayout.recordSize)")
        }
        origin = load(UInt64.self, 16)
        guard origin <= TraceLayout.latest else {
            throw TraceError(offset: 16, "the origin of times is not below 2^62")
        }
    }

    // MARK: Blocks

    private mutating func readNames(
        at position: Int, _ payload: Range<Int>, _ isWhole: Bool, _ trace: inout RequestTrace
    ) throws(TraceError) {
        guard let table = TraceTable(rawValue: bytes[position + 1]) else {
            throw TraceError(offset: position + 1, "unknown table \(bytes[position + 1])")
        }
        var source = sources.removeValue(forKey: load(UInt16.self, position + 2)) ?? Source()
        defer { sources[load(UInt16.self, position + 2)] = source }
        var next = payload.lowerBound
        for _ in 0..<load(UInt32.self, position + 4) {
            guard next + 4 <= payload.upperBound else {
                if isWhole { throw TraceError(offset: position, "the block holds fewer names than it says") }
                return
            }
            let length = Int(load(UInt32.self, next))
            guard length <= TraceLayout.longestName else {
                throw TraceError(offset: next, "a name is longer than \(TraceLayout.longestName) bytes")
            }
            guard next + 4 + length <= payload.upperBound else {
                if isWhole { throw TraceError(offset: next, "a name is longer than its block") }
                return
            }
            let name = bytes[next + 4..<next + 4 + length]
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
        let whole = try self.whole(at: position, payload, isWhole, size: size)
        let source = sources[load(UInt16.self, position + 2)] ?? Source()
        for index in 0..<whole {
            trace.records.append(try record(payload.lowerBound + index * size, source))
        }
        count += UInt64(whole)
    }

    private mutating func readPromises(
        at position: Int, _ payload: Range<Int>, _ isWhole: Bool, _ trace: inout RequestTrace
    ) throws(TraceError) {
        let size = TraceLayout.promiseSize
        let whole = try self.whole(at: position, payload, isWhole, size: size)
        let source = sources[load(UInt16.self, position + 2)] ?? Source()
        for index in 0..<whole {
            let start = payload.lowerBound + index * size
            let record = try record(start, source)
            let wait = load(UInt64.self, start + 32)
            guard wait <= TraceLayout.latest || wait == TraceRecord.never else {
                throw TraceError(offset: start + 32, "a time to wait is not below 2^62")
            }
            let remaining = load(UInt32.self, start + 40)
            trace.records.append(record)
            trace.promises.append(
                RateLimitPromise(
                    record, retryAfter: wait == TraceRecord.never ? nil : wait,
                    remaining: remaining == .max ? nil : remaining))
        }
        count += UInt64(whole)
    }

    private func readEnd(at position: Int, _ payload: Range<Int>, _ trace: inout RequestTrace) throws(TraceError) {
        guard payload.count == TraceLayout.endSize else {
            throw TraceError(offset: position, "the end block's size is not \(TraceLayout.endSize)")
        }
        guard payload.upperBound == bytes.count else {
            throw TraceError(offset: payload.upperBound, "the file continues after its end block")
        }
        let stated = load(UInt64.self, payload.lowerBound)
        guard stated == count else {
            throw TraceError(
                offset: payload.lowerBound, "the end block counts \(stated) records; the file has \(count)")
        }
        trace.gap = trace.gap + TraceGap(lost: load(UInt64.self, payload.lowerBound + 8))
    }

    private func cutOff(_ trace: inout RequestTrace) { trace.gap = trace.gap + TraceGap(isCutOff: true) }

    /// The number of whole records in a block.
    private func whole(
        at position: Int, _ payload: Range<Int>, _ isWhole: Bool, size: Int
    ) throws(TraceError) -> Int {
        let stated = UInt64(load(UInt32.self, position + 4))
        guard load(UInt64.self, position + 8) == stated * UInt64(size) else {
            throw TraceError(offset: position + 8, "a block of \(stated) records has another length")
        }
        return payload.count / size
    }

    // MARK: Records

    private func record(_ start: Int, _ source: Source) throws(TraceError) -> TraceRecord {
        let sent = load(UInt64.self, start)
        guard sent <= TraceLayout.latest - origin else {
            throw TraceError(offset: start, "a send time is not below 2^62")
        }
        var received = load(UInt64.self, start + 8)
        if received != TraceRecord.never {
            guard received >= sent, received <= TraceLayout.latest - origin else {
                throw TraceError(offset: start + 8, "a receive time is before the send time, or not below 2^62")
            }
            received += origin
        }
        let bits = bytes[start + 31]
        guard TraceLayout.isValid(bits: bits) else { throw TraceError(offset: start + 31, "unknown flags") }
        let outcome = TraceRecord.Outcome(rawValue: bits & 3) ?? .unknown
        guard received != TraceRecord.never || outcome == .unknown else {
            throw TraceError(offset: start + 8, "a request without a response has an outcome")
        }
        let value = load(UInt32.self, start + 20)
        let responseClass = bytes[start + 30]
        return TraceRecord(
            sent: origin + sent, received: received,
            key: try number(load(UInt32.self, start + 16), .keys, source, start + 16),
            value: value == TraceRecord.noValue ? value : try number(value, .values, source, start + 20),
            user: try number(load(UInt32.self, start + 24), .users, source, start + 24),
            step: UInt16(
                truncatingIfNeeded: try number(UInt32(load(UInt16.self, start + 28)), .steps, source, start + 28)),
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

    /// A little-endian integer that lies within the file.
    private func load<Number: FixedWidthInteger>(_: Number.Type, _ offset: Int) -> Number {
        bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
    }
}
