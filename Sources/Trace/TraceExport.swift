/// Writes a trace in a format that other tools read.
package enum TraceExport: Sendable, CaseIterable {
    /// The columns of ``TraceCSV``.
    case csv
    /// The binary format of ``TraceFile``.
    case binary
    /// A history for Elle's rw-register checker: every read and write is a transaction of one operation.
    case elle
    /// A history for Knossos's register model. With several objects, values are pairs of key and value, as Jepsen's
    /// `independent` writes them.
    case knossos

    /// By a file's extension; nil for an unknown one.
    package init?(path: String) {
        guard let format = Self.allCases.first(where: { path.hasSuffix($0.suffix) && path != $0.suffix }) else {
            return nil
        }
        // A Knossos history has a longer extension that ends like Elle's.
        self = path.hasSuffix(Self.knossos.suffix) ? .knossos : format
    }

    package var suffix: String {
        switch self {
        case .csv: ".csv"
        case .binary: ".trace"
        case .elle: ".edn"
        case .knossos: ".knossos.edn"
        }
    }

    /// The size of the pieces in which a file is written.
    static let pieceSize = 1 << 20

    /// Creates or replaces the file.
    package func write(_ trace: borrowing RequestTrace, to path: String) throws(TraceWriteError) {
        switch self {
        case .csv: try TraceCSV.write(trace, to: path)
        case .binary: try TraceFile.write(trace, to: path)
        case .elle: try JepsenHistory.write(trace, .elle, to: path)
        case .knossos: try JepsenHistory.write(trace, .knossos, to: path)
        }
    }
}

/// Finds what the response to each request said about the limit.
struct PromiseLookup {
    private var byRecord: [TraceRecord: [RateLimitPromise]]

    init(_ promises: [RateLimitPromise]) { byRecord = Dictionary(grouping: promises, by: \.record) }

    /// Takes the promise of a record. Of several equal records each takes its own.
    mutating func take(for record: TraceRecord) -> RateLimitPromise? {
        byRecord.isEmpty ? nil : byRecord[record]?.popLast()
    }
}
