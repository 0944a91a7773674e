import Foundation
import Testing

@testable import Audit
@testable import Trace

@Suite struct TraceFileTests {
    /// How many mutated files are read. `AUDIT_TRACES=100000` reads more.
    private static let mutations = ProcessInfo.processInfo.environment["AUDIT_TRACES"].flatMap(Int.init) ?? 5000

    /// Runs the body with the path of a file that does not exist yet, and removes it afterwards.
    private func withPath(_ suffix: String = ".trace", _ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "trace-\(UUID().uuidString)\(suffix)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        Array(try #require(FileManager.default.contents(atPath: path)))
    }

    private func trace(_ bytes: [UInt8]) throws(TraceError) -> RequestTrace {
        var trace = RequestTrace()
        try trace.append(file: bytes)
        return trace
    }

    private func traceInPieces(_ path: String) throws(TraceError) -> RequestTrace? {
        var trace = RequestTrace()
        return try trace.append(path: path) ? trace : nil
    }

    @Test("a file longer than a piece is read whole, and one that shrinks meanwhile is an error")
    func pieces() throws {
        try withPath { path in
            var writer = try TraceFileWriter(path: path, origin: 3)
            var buffer = TraceBuffer(source: 0, capacity: 100_000)
            var recorder = TraceRecorder(TraceBuffer(source: 0, capacity: 100_000))
            for number in 0..<100_000 as Range<UInt64> {
                let key = recorder.number(of: "key \(number % 50_000)", in: .keys) ?? .max
                recorder.append(TraceRecord(sent: number, received: number + 1, key: key))
            }
            for (name, table) in [("", TraceTable.users), ("read", .steps)] { _ = recorder.number(of: name, in: table) }
            recorder.swapBuffer(with: &buffer)
            try writer.write(buffer)
            try writer.finish(lost: 0)
            let whole = try trace(try bytes(path))
            let read = try #require(try traceInPieces(path))
            #expect(read.records == whole.records && read.keys.names == whole.keys.names && read.gap == nil)
            #expect(read.records.count == 100_000)
            guard let input = TraceInput(path: path) else {
                Issue.record("not opened")
                return
            }
            #expect(truncate(path, 2_000_000) == 0)
            var trace = RequestTrace()
            do throws(TraceError) {
                try TraceFile.append(input, to: &trace)
                Issue.record("read")
            } catch { #expect("\(error)".contains("cannot be read"), "\(error)") }
        }
    }

    @Test("a file has the documented bytes")
    func layout() throws {
        try withPath { path in
            var writer = try TraceFileWriter(path: path, origin: 1_000_000)
            var recorder = TraceRecorder(TraceBuffer(source: 7, capacity: 10))
            for (name, table) in [("k", TraceTable.keys), ("", .users), ("read", .steps)] {
                _ = recorder.number(of: name, in: table)
            }
            recorder.append(
                TraceRecord(sent: 5, received: 9, outcome: .denied, operation: .read, isRetried: true))
            var buffer = TraceBuffer(source: 7, capacity: 10)
            recorder.swapBuffer(with: &buffer)
            try writer.write(buffer)
            try writer.finish(lost: 3)
            let expected: [[UInt8]] = [
                [0x89, 0x47, 0x54, 0x52, 0x41, 0x43, 0x45, 0x0A], [1, 0, 0, 0], [32, 0, 0, 0],
                [0x40, 0x42, 0x0F, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0],
                [1, 0, 7, 0], [1, 0, 0, 0], [8, 0, 0, 0, 0, 0, 0, 0], [4, 0, 0, 0], Array("read".utf8),
                [1, 1, 7, 0], [1, 0, 0, 0], [5, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0], Array("k".utf8),
                [1, 3, 7, 0], [1, 0, 0, 0], [4, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0],
                [2, 0, 7, 0], [1, 0, 0, 0], [32, 0, 0, 0, 0, 0, 0, 0],
                [5, 0, 0, 0, 0, 0, 0, 0], [9, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0], [255, 255, 255, 255],
                [0, 0, 0, 0], [0, 0], [255], [0b1_01_01],
                [4, 0, 0, 0], [0, 0, 0, 0], [16, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0],
                [3, 0, 0, 0, 0, 0, 0, 0],
            ]
            #expect(try bytes(path) == expected.flatMap { $0 })
            let read = try trace(try bytes(path))
            #expect(read.records.map(\.sent) == [1_000_005])
            #expect(read.gap == TraceGap(lost: 3))
        }
    }

    @Test("a trace survives every format that is read", arguments: [".trace", ".csv"])
    func roundTrip(suffix: String) throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            var random = RandomTrace(seed: seed)
            try withPath { path in
                try random.write(to: path)
                let original = try trace(try bytes(path))
                #expect(original.records.count == 120 && original.gap == nil)
                #expect(original.promises.count > 10)
                try withPath(suffix) { copy in
                    try #require(TraceExport(path: copy)).write(original, to: copy)
                    #expect(try trace(try bytes(copy)).rows == original.rows)
                }
            }
        }
    }

    @Test("a file that ends early is never taken for a whole one")
    func truncated() throws {
        var random = RandomTrace(seed: 3)
        try withPath { path in
            try random.write(to: path)
            let whole = try bytes(path)
            for length in 8..<whole.count {
                guard let read = try? trace(Array(whole[..<length])) else { continue }
                #expect(read.gap?.isCutOff == true, "\(length) of \(whole.count) bytes")
            }
        }
    }

    @Test("arbitrary bytes are read or rejected, and nothing traps")
    func mutated() throws {
        var trace = RandomTrace(seed: 4)
        try withPath { path in
            try trace.write(to: path, requests: 8)
            let whole = try bytes(path)
            var (read, rejected) = (0, 0)
            for _ in 0..<Self.mutations {
                var bytes = whole
                for _ in 0..<trace.random.int(1...4) {
                    let position = Int(trace.random.int(0...Int64(bytes.count - 1)))
                    let special: [UInt8] = [0, 1, 127, 128, 254, 255]
                    bytes[position] =
                        trace.random.int(0...1) == 0
                        ? special[Int(trace.random.int(0...5))] : UInt8(trace.random.int(0...255))
                }
                if trace.random.int(0...3) == 0 { bytes.removeLast(Int(trace.random.int(0...Int64(bytes.count)))) }
                let result = Result { () throws(TraceError) in try self.trace(bytes) }
                // A file that is read in pieces is read alike.
                try Data(bytes).write(to: URL(filePath: path))
                let pieces = Result { () throws(TraceError) in try traceInPieces(path) }
                guard case .success(let result) = result else {
                    rejected += 1
                    if case .success(let other?) = pieces { Issue.record("read: \(other.records.count) records") }
                    continue
                }
                read += 1
                // A file that does not begin like a trace is not read in pieces.
                if let other = try pieces.get() {
                    #expect(other.records == result.records && other.gap == result.gap)
                    #expect(other.keys.names == result.keys.names)
                }
                // What is read can be audited.
                var plan = AuditPlan()
                plan.rateLimits = [.window(.sliding, limit: 2, length: 1000)]
                plan.freshness = FreshnessPromise(.latest)
                _ = AuditResult(of: result, from: ["x"], plan)
            }
            #expect(read > 50 && rejected > 50)
        }
    }

    @Test(
        "an error names the place and what is wrong",
        arguments: [
            (8, 9, "byte 8: the format's version is 9; this program reads version 1"),
            (7, 13, "byte 0: the file is damaged: its first line was converted, as by a transfer as text"),
            (32, 9, "byte 32: unknown kind of block 9"),
            (33, 9, "byte 33: unknown table 9"),
        ] as [(Int, UInt8, String)])
    func errors(position: Int, byte: UInt8, message: String) throws {
        var random = RandomTrace(seed: 5)
        try withPath { path in
            try random.write(to: path)
            var bytes = try bytes(path)
            bytes[position] = byte
            do {
                _ = try trace(bytes)
                Issue.record("read")
            } catch { #expect("\(error)" == message) }
        }
    }

    @Test("a full disk is an error of every write from then on")
    func fullDisk() throws {
        #expect(throws: TraceWriteError(path: "/dev/full", code: ENOSPC)) {
            _ = try TraceFileWriter(path: "/dev/full", origin: 0)
        }
        #expect(throws: TraceWriteError(path: "/dev/full", code: ENOSPC)) {
            var trace = RequestTrace()
            trace.records = [TraceRecord(sent: 1, received: 2)]
            try TraceExport.csv.write(trace, to: "/dev/full")
        }
        #expect(throws: TraceWriteError(path: "/nowhere/x.trace", code: ENOENT)) {
            _ = try TraceFileWriter(path: "/nowhere/x.trace", origin: 0)
        }
    }

    @Test("a full buffer counts what it loses, and the audit is undecided")
    func lost() throws {
        var recorder = TraceRecorder(TraceBuffer(source: 0, capacity: 3))
        for table in [TraceTable.keys, .users, .steps] {
            let number = recorder.number(of: "k", in: table)
            #expect(number == 0)
        }
        for instant in 0..<5 as Range<UInt64> {
            let isKept = recorder.append(TraceRecord(sent: instant, received: instant))
            #expect(isKept == (instant < 3))
        }
        #expect(recorder.lost == 2)
        try withPath { path in
            var writer = try TraceFileWriter(path: path, origin: 0)
            var buffer = TraceBuffer(source: 0, capacity: 3)
            recorder.swapBuffer(with: &buffer)
            try writer.write(buffer)
            try writer.finish(lost: recorder.lost)
            var plan = AuditPlan()
            plan.rateLimits = [.window(.sliding, limit: 1, length: 100)]
            let finding = AuditResult(of: try trace(try bytes(path)), from: [path], plan).findings[0]
            #expect(finding.verdict == .undecided)
            let opening = "The trace is incomplete: 2 requests were not recorded. Of those in it: 2 requests"
            #expect(finding.sentence.hasPrefix(opening), "\(finding)")
        }
    }

    @Test("users of the same name in two files are different users")
    func users() throws {
        var trace = RequestTrace()
        for _ in 0..<2 {
            try trace.append(file: Array("sent_ns,received_ns,outcome,user\n1,2,admitted,ada\n".utf8))
        }
        #expect(trace.users.names == ["ada", "2/ada"])
    }

    @Test("a table keeps apart a hundred thousand names")
    func names() {
        var table = SymbolTable()
        for _ in 0..<2 {
            let isKept = (0..<100_000 as Range<UInt32>).allSatisfy { table.number(of: "name \($0)") == $0 }
            #expect(isKept)
        }
        #expect(table.count == 100_000 && table[77_777] == "name 77777" && table[100_000] == "?")
    }

    @Test("a history for Elle has transactions, and one for Knossos has operations")
    func histories() throws {
        let trace = try trace(
            Array(
                #"""
                key,sent_ns,received_ns,outcome,operation,value
                k,10,20,admitted,write,1
                k,15,30,admitted,read,1
                k,40,,unknown,write,"a ""b"""
                k,50,60,denied,write,3

                """#.utf8))
        try withPath(".edn") { path in
            try #require(TraceExport(path: path)).write(trace, to: path)
            #expect(
                String(decoding: try bytes(path), as: UTF8.self) == #"""
                    {:index 0, :type :invoke, :process 0, :f :txn, :value [[:w "k" 1]], :time 0}
                    {:index 1, :type :invoke, :process 1, :f :txn, :value [[:r "k" nil]], :time 5}
                    {:index 2, :type :ok, :process 0, :f :txn, :value [[:w "k" 1]], :time 10}
                    {:index 3, :type :ok, :process 1, :f :txn, :value [[:r "k" 1]], :time 20}
                    {:index 4, :type :invoke, :process 1, :f :txn, :value [[:w "k" "a \"b\""]], :time 30}
                    {:index 5, :type :invoke, :process 0, :f :txn, :value [[:w "k" 3]], :time 40}
                    {:index 6, :type :fail, :process 0, :f :txn, :value [[:w "k" 3]], :time 50}

                    """#)
        }
        try withPath(".knossos.edn") { path in
            try #require(TraceExport(path: path)).write(trace, to: path)
            #expect(
                String(decoding: try bytes(path), as: UTF8.self).hasPrefix(
                    "{:index 0, :type :invoke, :process 0, :f :write, :value 1, :time 0}\n"))
        }
    }
}
