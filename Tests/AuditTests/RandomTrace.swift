import TestSupport
import Trace

/// Makes traces of random requests, with every kind of name, outcome and promise.
struct RandomTrace {
    private static let names = [
        "", "a", "127.0.0.9", "a \"quoted\", key", "line\nbreak", "Zürich", "007", "42", "\u{0}",
    ]

    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func name() -> String { Self.names[Int(random.int(0...Int64(Self.names.count - 1)))] }

    /// A record, with a promise about every third time, recorded by `recorder`.
    private mutating func record(into recorder: inout TraceRecorder) {
        let sent = UInt64(random.int(0...1_000_000))
        let outcome = TraceRecord.Outcome.allCases[Int(random.int(0...3))]
        let record = TraceRecord(
            sent: sent, received: sent + UInt64(random.int(0...1000)),
            key: recorder.number(of: name(), in: .keys) ?? 0,
            value: random.int(0...1) == 0
                ? TraceRecord.noValue : recorder.number(of: "value \(random.int(0...50))", in: .values) ?? 0,
            user: recorder.number(of: name(), in: .users) ?? 0,
            step: recorder.number(of: name(), in: .steps).map { UInt16($0) } ?? 0,
            responseClass: random.int(0...1) == 0
                ? TraceRecord.noClass : recorder.number(of: "hit", in: .classes).map { UInt8($0) } ?? 0,
            outcome: outcome, operation: TraceRecord.Operation.allCases[Int(random.int(0...3))],
            isRetried: random.int(0...4) == 0)
        if random.int(0...2) > 0 {
            recorder.append(record)
        } else {
            recorder.append(
                RateLimitPromise(
                    record, retryAfter: random.int(0...1) == 0 ? nil : UInt64(random.int(0...5_000_000_000)),
                    remaining: UInt32(random.int(0...9))))
        }
    }

    /// Writes a file as several recorders do.
    mutating func write(to path: String, recorders: UInt16 = 2, requests: Int = 60) throws {
        var writer = try TraceFileWriter(path: path, origin: 1_700_000_000_000_000_000)
        for source in 0..<recorders {
            var spare = TraceBuffer(source: source, capacity: 25)
            var recorder = TraceRecorder(TraceBuffer(source: source, capacity: 25))
            for _ in 0..<requests {
                if recorder.isFull {
                    recorder.swapBuffer(with: &spare)
                    try writer.write(spare)
                    spare.removeAll()
                }
                record(into: &recorder)
            }
            recorder.swapBuffer(with: &spare)
            try writer.write(spare)
        }
        try writer.finish(lost: 0)
    }
}

extension RequestTrace {
    /// The requests with their names instead of numbers: two traces with equal rows are the same.
    var rows: [String] {
        func text(_ record: TraceRecord) -> String {
            let value = record.value == TraceRecord.noValue ? "-" : values[record.value]
            let kind = record.responseClass == TraceRecord.noClass ? "-" : classes[UInt32(record.responseClass)]
            return "\(steps[UInt32(record.step)])|\(keys[record.key])|\(users[record.user])|\(value)|\(kind)|"
                + "\(record.sent)|\(record.received)|\(record.outcome)|\(record.operation)|\(record.isRetried)"
        }
        let said = promises.map {
            "\(text($0.record)) \($0.retryAfter.map { "\($0)" } ?? "-") \($0.remaining.map { "\($0)" } ?? "-")"
        }
        return records.map(text).sorted() + said.sorted()
    }
}
