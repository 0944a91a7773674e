import Foundation
import Histogram
import Report
import Scenario
import Testing

@testable import Load

/// Reads, merges and reports result files that load did not write: the outcome is a result or an error, never a trap.
@Suite(.timeLimit(.minutes(2)))
struct CraftedDocumentTests {
    private static let valid: JSON = {
        var result = LoadReportTests.result
        result.model = ModelSummary(.open(LoadModel.Arrivals(profile: RateProfile(rate: 2000))))
        (result.offered, result.offeredRate) = (4000, 2000)
        for _ in 0..<9 { result.steps[0].censored.record(Elapsed(sinceIntended: 5_000_000, sinceSent: 4_000_000)) }
        let thresholds = (try? ThresholdTests.outcome("read.p99", #"{ "lt": "1ms" }"#, of: result)).map { [$0] } ?? []
        let text = (try? LoadDocument(EvaluatedLoad(result, thresholds: thresholds)).encoded()) ?? Data()
        return (try? JSONDocument(parsing: Array(text)).root.value) ?? .null
    }()

    /// Values that a crafted file may have in place of any other.
    private static let values: [JSON] =
        [
            "-1", "0", "1", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "1e300", "-1e300",
            "1e400", "0.5", "null", "true", "\"\"", "\"9999-12-31T23:59:59.999Z\"", "\"1601-01-01T00:00:00Z\"", "[]",
            "{}",
            "[1, 2, 3]", "\"{{x}}\"", "\"\\\"lt\\\": 1 }, \\\"p50\\\": { \\\"gt\\\": 0\"", "1152921504606846975",
        ].compactMap { try? JSONDocument(parsing: Array($0.utf8)).root.value }

    /// Changes a random place of a document: a value, a member's name, a duplicate, or a character of a string.
    private static func mutated(_ value: JSON, _ random: inout SplitMix64) -> JSON {
        switch value {
        case .object(let members) where !members.isEmpty && Int.random(in: 0..<12, using: &random) > 0:
            let chosen = Int.random(in: 0..<members.count, using: &random)
            let action = Int.random(in: 0..<20, using: &random)
            var changed = JSONObject()
            for (index, member) in members.enumerated() {
                guard index == chosen else {
                    changed[member.key] = member.value
                    continue
                }
                switch action {
                case 0: break
                case 1: changed[member.key + "0"] = member.value
                case 2: changed["0" + member.key] = member.value
                default: changed[member.key] = mutated(member.value, &random)
                }
                if action == 3 { changed["+" + member.key] = member.value }
            }
            return .object(changed)
        case .array(let elements) where !elements.isEmpty && Int.random(in: 0..<12, using: &random) > 0:
            var changed = elements
            let chosen = Int.random(in: 0..<elements.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: changed.append(elements[chosen])
            case 1: changed.remove(at: chosen)
            default: changed[chosen] = mutated(elements[chosen], &random)
            }
            return .array(changed)
        case .string(let text) where Bool.random(using: &random) && !text.isEmpty:
            // Probably a histogram: change its bytes.
            guard var bytes = Data(base64Encoded: text).map(Array.init), !bytes.isEmpty else {
                return .string(text + "x")
            }
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            return .string(Data(bytes).base64EncodedString())
        default: return values.randomElement(using: &random) ?? .null
        }
    }

    /// - Returns: whether the document could be read.
    private static func use(_ document: JSON) -> Bool {
        let data = Data(document.serialized().utf8)
        guard let read = try? EvaluatedLoad(reading: data) else { return false }
        for load in [try? EvaluatedLoad.merging([("a", read), ("b", other)]), read] {
            guard let load else { continue }
            for format in EvaluatedLoad.formats { _ = try? format.render(load) }
            _ = load.notes
        }
        return true
    }

    /// The result that each document is merged with.
    private static let other: EvaluatedLoad = {
        let data = Data(valid.serialized().utf8)
        var load = (try? EvaluatedLoad(reading: data)) ?? EvaluatedLoad(LoadReportTests.result)
        load.result.steps[0].censored.record(Elapsed(sinceIntended: 7))
        return load
    }()

    @Test("mutations of a valid document are read, merged and reported, or rejected", arguments: 0..<20)
    func fuzz(batch: UInt64) {
        #expect(Self.use(Self.valid))
        var random = SplitMix64(seed: batch)
        var (read, refused) = (0, 0)
        for _ in 0..<150 {
            var document = Self.valid
            for _ in 0..<Int.random(in: 1...3, using: &random) { document = Self.mutated(document, &random) }
            if Self.use(document) { read += 1 } else { refused += 1 }
        }
        #expect(read > 0 && refused > 0)
    }

    @Test("a histogram with counts past the bounds is rejected")
    func histograms() {
        var times = TimeHistogram.times()
        times.record(3_600_000_000_000, count: 1 << 59)
        #expect(TimeHistogram(encodedBytes: times.encodedBytes) == times)
        times.record(3_600_000_000_000, count: 1 << 61)
        #expect(TimeHistogram(encodedBytes: times.encodedBytes) == nil)
        #expect(TimeFigure(times, .mean).observed.lower.map { $0 > 3.59e12 } == true)
    }

    @Test(
        "numbers that could not be added and duplicate names are rejected",
        arguments: [
            { $0.steps[0].all.bytes = -1 }, { $0.steps[0].all.bytes = .max }, { $0.steps[0].all.rate = .infinity },
            { $0.steps[0].all.rate = 1e300 }, { $0.steps[0].all.count += 1 }, { $0.steps[0].all.late = 5000 },
            { $0.steps.append($0.steps[0]) }, { $0.seconds[0].second = .max },
            { $0.warmUp = .max }, { $0.steps[0].statuses[200] = .min }, { $0.generator.threads[0].user = 1 << 61 },
            { $0.model.rates = [-1] },
        ] as [@Sendable (inout LoadResult) -> Void])
    func refusals(change: @Sendable (inout LoadResult) -> Void) throws {
        var result = LoadReportTests.result
        change(&result)
        // An infinite rate cannot be written as JSON in the first place.
        guard let data = try? LoadDocument(EvaluatedLoad(result)).encoded() else { return }
        #expect(throws: UnreadableResult.self) { try EvaluatedLoad(reading: data) }
        let text = try LoadReport.json.render(EvaluatedLoad(LoadReportTests.result))
        let twice = text.replacing("\"limited\"", with: "\"hit\"")
        #expect(throws: UnreadableResult.self) { try EvaluatedLoad(reading: Data(twice.utf8)) }
    }
}
