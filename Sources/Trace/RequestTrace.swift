/// The requests of one run, with the names that numbers in the records stand for.
package struct RequestTrace: Sendable {
    package var records: [TraceRecord] = []
    /// The responses that said something about the limit.
    package var promises: [RateLimitPromise] = []
    package var steps = SymbolTable()
    package var keys = SymbolTable()
    package var values = SymbolTable()
    package var users = SymbolTable()
    package var classes = SymbolTable()
    /// What is missing from the trace; nil if it is complete.
    package var gap: TraceGap?
    /// The number of files read.
    private(set) package var files = 0

    package init() {}

    /// When the first request was sent; 0 without requests. Reports count time from here.
    package var start: Nanoseconds { records.lazy.map(\.sent).min() ?? 0 }

    /// Appends a file of either format, recognised by its first bytes.
    ///
    /// If it cannot be read, the trace is left with a part of it and must not be used.
    package mutating func append(file bytes: [UInt8]) throws(TraceError) {
        if TraceFile.isTrace(bytes) {
            try TraceFile.append(bytes, to: &self)
        } else {
            try TraceCSV.append(bytes, to: &self)
        }
        files += 1
    }

    /// Appends a regular file in the binary format, without holding all of it in memory.
    ///
    /// - Returns: false if it is anything else, and is to be read as bytes.
    package mutating func append(path: String) throws(TraceError) -> Bool {
        guard let input = TraceInput(path: path) else { return false }
        try TraceFile.append(input, to: &self)
        files += 1
        return true
    }

    /// What to put before the users' names of the next file. Two machines' users may have the same names.
    var userPrefix: String { files == 0 ? "" : "\(files + 1)/" }

    mutating func number(of name: UnsafeRawBufferPointer, in table: TraceTable) -> UInt32 {
        switch table {
        case .steps: steps.number(of: name)
        case .keys: keys.number(of: name)
        case .values: values.number(of: name)
        case .users: users.number(of: name)
        case .classes: classes.number(of: name)
        }
    }

    func bytes(of number: UInt32, in table: TraceTable) -> ArraySlice<UInt8> {
        switch table {
        case .steps: steps.bytes(of: number)
        case .keys: keys.bytes(of: number)
        case .values: values.bytes(of: number)
        case .users: users.bytes(of: number)
        case .classes: classes.bytes(of: number)
        }
    }

    func count(of table: TraceTable) -> Int {
        switch table {
        case .steps: steps.count
        case .keys: keys.count
        case .values: values.count
        case .users: users.count
        case .classes: classes.count
        }
    }

    /// Widens every interval by a bound on the clock offset between the machines that recorded the trace.
    package mutating func widen(by bound: Nanoseconds) {
        guard bound > 0 else { return }
        for index in records.indices { records[index].widen(by: bound) }
        for index in promises.indices { promises[index].record.widen(by: bound) }
    }
}

extension TraceRecord {
    fileprivate mutating func widen(by bound: Nanoseconds) {
        sent -= min(bound, sent)
        let (widened, isPast) = received.addingReportingOverflow(bound)
        received = isPast ? Self.never : widened
    }
}

/// What is missing from a trace.
package struct TraceGap: Equatable, Sendable {
    /// Requests that the recorder could not keep up with.
    package var lost: UInt64 = 0
    /// Whether a file ends early, as after a crash: nobody knows what it lacks.
    package var isCutOff = false

    package init(lost: UInt64 = 0, isCutOff: Bool = false) {
        self.lost = lost
        self.isCutOff = isCutOff
    }

    static func + (left: TraceGap?, right: TraceGap) -> TraceGap? {
        let lost = (left?.lost ?? 0).addingReportingOverflow(right.lost)
        let sum = TraceGap(
            lost: lost.overflow ? .max : lost.partialValue, isCutOff: left?.isCutOff ?? false || right.isCutOff)
        return sum == TraceGap() ? nil : sum
    }
}
