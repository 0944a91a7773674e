import TestSupport
import Testing

@testable import JSONDocuments

@Suite struct JSONNumberTests {
    @Test(
        "numbers of equal value are equal, however written",
        arguments: [
            ("1", "1.0"), ("1", "1e0"), ("100", "1e2"), ("100", "1.00e2"), ("0", "-0"), ("0", "0.000"),
            ("0", "0e999999999"),
            ("-0.0", "0E-5"), ("0.1", "1e-1"), ("0.1", "0.10"), ("12345", "0.12345e5"), ("-1.5", "-15e-1"),
            ("9223372036854775808", "9.223372036854775808e18"), ("1e999999999", "10e999999998"), ("0.001e3", "1"),
            ("1e99999999999999999999999", "1e99999999999999999999999"), ("10.01", "1001e-2"),
        ])
    func equal(_ left: String, _ right: String) throws {
        let (left, right) = (try number(left), try number(right))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(!(left < right) && !(right < left))
    }

    @Test(
        "numbers are ordered exactly, however large or small",
        arguments: [
            ("1", "2"), ("-1", "0"), ("-2", "-1"), ("-1", "1"), ("9007199254740992", "9007199254740993"), ("9", "10"),
            ("0.1", "0.1000000000000000055511151231257827021181583404541015625"), ("0.09", "0.1"), ("-10", "-9"),
            ("9223372036854775807", "9223372036854775808"), ("-9223372036854775809", "-9223372036854775808"),
            ("1e308", "1e309"), ("1e400", "1e999999999"), ("0", "1e-999999999"), ("-1e999999999", "-5"),
            ("-1", "-1e-5"),
            ("1e-999999999", "1"), ("123.4", "123.45"), ("-123.45", "-123.4"), ("0", "0.5"), ("-0.5", "-0"),
            ("-1e99999999999999999999999", "1e-99999999999999999999999"),
        ])
    func ordered(_ smaller: String, _ larger: String) throws {
        #expect(try number(smaller) < number(larger))
        #expect(try !(number(larger) < number(smaller)))
        #expect(try number(smaller) != number(larger))
    }

    @Test(
        "a number converts to Int only if that is exact",
        arguments: [
            ("0", 0), ("-0", 0), ("1e2", 100), ("1.50e1", 15), ("9223372036854775807", Int.max),
            ("-9223372036854775808", Int.min), ("-9.223372036854775808e18", Int.min), ("9223372036854775808", nil),
            ("-9223372036854775809", nil), ("1e19", nil), ("1.5", nil), ("1e-1", nil), ("1e999999999", nil),
            ("0e99", 0),
            ("999999999999999999", 999_999_999_999_999_999), ("-1", -1), ("0.1e1", 1),
        ])
    func int(_ literal: String, _ int: Int?) throws {
        #expect(try number(literal).int == int)
    }

    @Test(
        "a number converts to the nearest Double",
        arguments: [
            ("1", 1), ("0.1", 0.1), ("1e400", .infinity), ("-1e400", -.infinity), ("1e-400", 0),
            ("9007199254740993", 9007199254740992),
            ("5e-324", .leastNonzeroMagnitude), ("1.7976931348623157e308", 1.7976931348623157e308), ("1E5", 100_000),
        ])
    func double(_ literal: String, _ double: Double) throws {
        #expect(try number(literal).double == double)
    }

    @Test("negative zero keeps its sign")
    func negativeZeroKeepsItsSign() throws {
        #expect(try number("-0").double.sign == .minus)
        #expect(try number("-0").literal == "-0")
    }

    @Test(
        "a number keeps its literal",
        arguments: ["1.0", "1e5", "-0", "0.10", "1E+5", "123456789012345678901234567890", "42"])
    func literalIsKept(_ literal: String) throws {
        #expect(try number(literal).literal == literal)
        #expect(try JSONDocument(parsing: Array(literal.utf8)).root.number?.literal == literal)
    }

    @Test(
        "text that is not a JSON number is rejected",
        arguments: ["", "-", "01", "1.", ".5", "+1", "1e", " 1", "1 ", "0x1", "NaN", "1,", "١"])
    func isNoNumber(_ literal: String) { #expect(JSONNumber(literal: literal) == nil) }

    @Test(
        "a Double survives a round trip through its literal",
        arguments: [0.1, 1, -1.5, 1e300, .leastNonzeroMagnitude, 1e16, -0.0, .greatestFiniteMagnitude, 123456789.125])
    func doubleReadsBack(_ value: Double) throws {
        let literal = try #require(JSONNumber(value)).literal
        #expect(try number(literal).double == value)
    }

    @Test("infinity and NaN do not convert to JSON numbers", arguments: [Double.infinity, -.infinity, .nan])
    func notFinite(_ value: Double) { #expect(JSONNumber(value) == nil) }

    @Test("comparisons agree with those of integers")
    func againstIntegers() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let (left, right) = (Int.random(in: -300...300, using: &random), Int.random(in: -300...300, using: &random))
            let (shiftedLeft, shiftedRight) = (JSONNumber(literal: "\(left)e-2"), JSONNumber(literal: "\(right)e-2"))
            guard let shiftedLeft, let shiftedRight else { return #expect(Bool(false)) }
            #expect((shiftedLeft < shiftedRight) == (left < right))
            #expect((shiftedLeft == shiftedRight) == (left == right))
            #expect((JSONNumber(left) < JSONNumber(right)) == (left < right))
            #expect(JSONNumber(literal: "\(left).00e0") == JSONNumber(left))
        }
    }

    private func number(_ literal: String) throws -> JSONNumber { try #require(JSONNumber(literal: literal)) }
}
