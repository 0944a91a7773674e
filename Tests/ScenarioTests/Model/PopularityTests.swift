import TestSupport
import Testing

@testable import Scenario

@Suite struct PopularityTests {
    @Test("a Zipf distribution picks each element in proportion to a power of its place")
    func zipf() throws {
        let picker = PopularityPicker(try #require(Popularity(parsing: "zipf(1)")), count: 4)
        var random = SeededGenerator(seed: 1)
        var counts = [0, 0, 0, 0]
        let picks = 100_000
        for _ in 0..<picks { counts[picker.pick(using: &random)] += 1 }
        let total = [1.0, 2, 3, 4].reduce(0) { $0 + 1 / $1 }
        for (index, count) in counts.enumerated() {
            let share = 1 / Double(index + 1) / total
            // Five standard deviations.
            let margin = 5 * (share * (1 - share) / Double(picks)).squareRoot()
            #expect(abs(Double(count) / Double(picks) - share) < margin, "\(counts)")
        }
    }

    @Test("uniform picks, and an exponent of 0, reach every element equally", arguments: ["uniform", "zipf(0)"])
    func uniform(_ text: String) throws {
        let picker = PopularityPicker(try #require(Popularity(parsing: text)), count: 10)
        var random = SeededGenerator(seed: 2)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<100_000 { counts[picker.pick(using: &random)] += 1 }
        #expect(counts.allSatisfy { (9_500...10_500).contains($0) }, "\(counts)")
    }

    @Test(
        "other ways to pick are rejected",
        arguments: ["", "zipf", "zipf()", "zipf(-1)", "zipf(11)", "zipf(nan)", "zipf(1.1", "Uniform"])
    func invalid(_ text: String) {
        #expect(Popularity(parsing: text) == nil)
    }
}
