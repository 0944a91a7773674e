import Glibc
import Scenario

/// A condition of an expectation in a form that is evaluated on the bytes of a response. Plain memory, without
/// references.
///
/// It agrees with `Matcher.Condition`, or cannot tell.
struct CompiledCondition: Sendable {
    /// The part of the response that it is about.
    enum Subject: Sendable {
        case status
        /// The service time.
        case time
        /// The header field with this number.
        case header(Int)
        /// The value in the body with this number.
        case json(Int)
    }

    enum Comparison: Sendable {
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

        func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
            switch self {
            case .equal: left == right
            case .notEqual: left != right
            case .less: left < right
            case .lessOrEqual: left <= right
            case .greater: left > right
            case .greaterOrEqual: left >= right
            }
        }
    }

    /// Ranges are of the texts or statuses that the compiled checks hold.
    enum Test: Sendable {
        case exists(Bool)
        case isNull(Bool)
        case boolean(Bool, isEqual: Bool)
        case integer(Comparison, Int)
        case text(Range<Int>, isEqual: Bool)
        case prefix(Range<Int>)
        case statuses(Range<Int>, isMember: Bool)
        case type(JSONKind)
        case isInteger
        /// The number of characters or elements.
        case length(Comparison, Int)
        /// The user's variable with this number.
        case variable(Int, isEqual: Bool)
    }

    let subject: Subject
    let test: Test
}

/// The value that a condition is about.
enum ReceivedValue {
    case missing
    case integer(Int)
    case milliseconds(Double)
    case text(UnsafeRawBufferPointer)
    case json(JSONExtract, body: UnsafeRawBufferPointer)
}

extension CompiledCondition.Test {
    /// Whether a value is as expected; nil if only a full evaluation can tell.
    func holds(
        _ value: ReceivedValue, texts: UnsafeRawBufferPointer, statuses: [Range<Int>], expected: (Int) -> JSON?
    ) -> Bool? {
        if case .missing = value {
            if case .exists(let isExpected) = self { return !isExpected }
            return false
        }
        func expectedText(_ range: Range<Int>) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: texts[range])
        }
        switch self {
        case .exists(let isExpected): return isExpected
        case .isNull(let isEqual): return (value.kind == .null) == isEqual
        case .boolean(let expected, let isEqual): return (value.boolean == expected) == isEqual
        case .integer(let comparison, let expected):
            guard value.kind == .number else { return comparison == .notEqual }
            if case .milliseconds(let time) = value { return comparison.holds(time, Double(expected)) }
            return value.integer.map { comparison.holds($0, expected) }
        case .text(let range, let isEqual):
            guard value.kind == .string else { return !isEqual }
            return value.plainText.map { $0.hasBytes(expectedText(range)) == isEqual }
        case .prefix(let range):
            guard value.kind == .string else { return false }
            return value.plainText.map { $0.prefix(range.count).hasBytes(expectedText(range)) }
        case .statuses(let range, let isMember):
            guard case .integer(let status) = value else { return nil }
            return statuses[range].contains { $0.contains(status) } == isMember
        case .type(let kind): return value.kind == kind
        case .isInteger: return value.kind == .number ? value.integer.map { _ in true } : false
        case .length(let comparison, let limit):
            switch value.kind {
            case .string, .array, .object: return value.length.map { comparison.holds($0, limit) }
            case .null, .boolean, .number, nil: return false
            }
        case .variable(let number, let isEqual):
            return expected(number).flatMap { value.equals($0) }.map { $0 == isEqual }
        }
    }
}

extension ReceivedValue {
    fileprivate var kind: JSONKind? {
        switch self {
        case .missing: nil
        case .integer, .milliseconds: .number
        case .text: .string
        case .json(let extract, _): extract.kind
        }
    }

    fileprivate var boolean: Bool? { if case .json(let extract, _) = self { extract.boolean } else { nil } }

    fileprivate var integer: Int? {
        switch self {
        case .integer(let value): value
        case .json(let extract, let body): extract.integer(in: body)
        case .missing, .milliseconds, .text: nil
        }
    }

    /// The content of a string; nil if it has escapes or, in a header, anything but ASCII.
    fileprivate var plainText: Slice<UnsafeRawBufferPointer>? {
        switch self {
        case .text(let bytes): bytes.allSatisfy { $0 < 0x80 } ? bytes[...] : nil
        case .json(let extract, let body) where extract.isPlainText: body[extract.content]
        case .json, .missing, .integer, .milliseconds: nil
        }
    }

    /// The number of characters or elements; nil if it takes a full evaluation to count them.
    fileprivate var length: Int? {
        if let plainText { return plainText.count { $0 & 0xC0 != 0x80 } }
        guard case .json(let extract, _) = self else { return nil }
        // Members with the same name count once.
        return extract.kind == .array || extract.kind == .object && extract.count < 2 ? extract.count : nil
    }

    fileprivate func equals(_ expected: JSON) -> Bool? {
        switch expected {
        case .null: return kind == .null
        case .boolean(let value): return boolean == value
        case .number(let number): return kind == .number ? integer.map { number == JSONNumber($0) } : false
        case .string(var text):
            guard kind == .string else { return false }
            return plainText.map { own in text.withUTF8 { own.hasBytes(UnsafeRawBufferPointer($0)) } }
        case .array, .object: return nil
        }
    }
}

extension JSONExtract {
    fileprivate func integer(in body: UnsafeRawBufferPointer) -> Int? {
        let bytes = body.bindMemory(to: UInt8.self)
        return integer(in: bytes.span)
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate func hasBytes(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let own = UnsafeRawBufferPointer(rebasing: self).baseAddress, let base = other.baseAddress else {
            return true
        }
        return memcmp(own, base, count) == 0
    }
}
