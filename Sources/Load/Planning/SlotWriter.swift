import Scenario

/// Fills the slots of compiled requests. Each thread has one; it keeps its working memory.
struct SlotWriter {
    /// The texts of the slots of the current request.
    private var texts: [UInt8] = []
    private var ranges: [Range<Int>] = []
    private var random: SplitMix64
    /// The state of `counter()` for each user; empty if no template uses it.
    private let counters: [TemplateCounters]
    /// Seconds since 1970-01-01T00:00:00Z.
    private let now: @Sendable () -> Double

    init(_ scope: RunScope?, seed: UInt64 = .random(in: .min ... .max)) {
        random = SplitMix64(seed: seed)
        counters = scope?.counters ?? []
        let never: @Sendable () -> Double = { 0 }
        now = scope?.sources.now ?? never
    }

    /// Appends a request to a buffer.
    /// - Parameters:
    ///   - user: the user's number across all threads.
    ///   - values: the user's variables.
    /// - Returns: false to give up, with no effect on counters. The buffer then has to be discarded.
    mutating func write(
        _ request: CompiledRequest, to buffer: inout [UInt8], user: Int, iteration: Int,
        values: UserVariables.Values
    ) -> Bool {
        texts.removeAll(keepingCapacity: true)
        if ranges.count < request.slots.count { ranges = Array(repeating: 0..<0, count: request.slots.count) }
        var bodyLength = request.fixedLength
        // Variables first: once no slot can give up any more, counters may count.
        for index in request.slots.indices {
            guard case .variable(let name, let path) = request.slots[index].source else { continue }
            let start = texts.count
            guard let value = values[name], fill(request.slots[index].form, value, path) else { return false }
            ranges[index] = start..<texts.count
        }
        for index in request.slots.indices {
            let start = texts.count
            if generate(request.slots[index], user, iteration) { ranges[index] = start..<texts.count }
            if request.slots[index].isInBody { bodyLength += ranges[index].count }
        }
        request.bytes.withUnsafeBufferPointer { bytes in
            texts.withUnsafeBufferPointer { texts in
                for piece in request.pieces {
                    buffer.append(
                        contentsOf: UnsafeBufferPointer(rebasing: bytes[Int(piece.start)..<Int(piece.end)]))
                    switch piece.next {
                    case .slot(let slot): buffer.append(contentsOf: UnsafeBufferPointer(rebasing: texts[ranges[slot]]))
                    case .bodyLength: buffer.append(decimal: bodyLength)
                    case .end: break
                    }
                }
            }
        }
        return true
    }

    private mutating func fill(
        _ form: CompiledRequest.Form, _ value: JSON, _ path: [Expression.PathElement]
    ) -> Bool {
        guard !path.isEmpty else { return write(value, form) }
        return value.child(path).map { write($0, form) } ?? false
    }

    /// - Returns: false for a slot of a variable.
    private mutating func generate(
        _ slot: CompiledRequest.Slot, _ user: Int, _ iteration: Int
    ) -> Bool {
        switch slot.source {
        case .variable: return false
        case .iteration: texts.append(decimal: iteration)
        case .virtualUser: texts.append(decimal: user)
        case .counter(let name): texts.append(decimal: counters.isEmpty ? 1 : counters[user].next(name))
        case .now(let offset): texts.append(decimal: (Int(exactly: now().rounded(.down)) ?? 0) &+ offset)
        case .randomInt(let range): texts.append(decimal: Int.random(in: range, using: &random))
        case .uuid: quoting(slot.form) { $0.writeUUID() }
        case .randomString(let length): quoting(slot.form) { $0.writeRandomString(length) }
        }
        return true
    }

    private mutating func quoting(_ form: CompiledRequest.Form, _ write: (inout SlotWriter) -> Void) {
        if form == .json { texts.append(UInt8(ascii: "\"")) }
        write(&self)
        if form == .json { texts.append(UInt8(ascii: "\"")) }
    }

    /// - Returns: false for a container, and for text that the place does not take as it is.
    private mutating func write(_ value: JSON, _ form: CompiledRequest.Form) -> Bool {
        switch value {
        case .null: texts += "null".utf8
        case .boolean(let value): texts += (value ? "true" : "false").utf8
        case .number(let number):
            var literal = number.literal
            // A plus sign in an exponent means something else in a path and a form.
            return literal.withUTF8 { append($0, form == .json ? .text : form) }
        case .string(var text):
            guard form == .json else { return text.withUTF8 { append($0, form) } }
            texts.append(UInt8(ascii: "\""))
            let isPlain = text.withUTF8 { append($0, .jsonText) }
            texts.append(UInt8(ascii: "\""))
            return isPlain
        case .array, .object: return false
        }
        return true
    }

    private mutating func append(_ text: UnsafeBufferPointer<UInt8>, _ form: CompiledRequest.Form) -> Bool {
        switch form {
        case .path:
            // Without a value, a query may begin or end elsewhere.
            guard !text.isEmpty, text.allSatisfy({ $0.isUnreserved }) else { return false }
        case .field:
            guard text.allSatisfy({ $0 != .carriageReturn && $0 != .lineFeed && $0 != 0 }) else { return false }
        case .jsonText, .json:
            guard text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else {
                return false
            }
        case .percent:
            for byte in text { texts.append(percentEncoding: byte) }
            return true
        case .text: break
        }
        texts.append(contentsOf: text)
        return true
    }

    /// A random UUID (RFC 9562 section 5.4) in lower case.
    private mutating func writeUUID() {
        let high = random.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        for digit in 0..<32 {
            if digit == 8 || digit == 12 || digit == 16 || digit == 20 { texts.append(UInt8(ascii: "-")) }
            let word = digit < 16 ? high : low
            texts.append(hexadecimal: UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (digit & 15))) & 15)
        }
    }

    private mutating func writeRandomString(_ length: Int) {
        for _ in 0..<length {
            let number = UInt8(random.next(upperBound: UInt64(62)))
            switch number {
            case 0..<26: texts.append(UInt8(ascii: "A") + number)
            case 26..<52: texts.append(UInt8(ascii: "a") + number - 26)
            default: texts.append(UInt8(ascii: "0") + number - 52)
            }
        }
    }
}

extension JSON {
    /// The value that a path leads to, or nil.
    fileprivate func child(_ path: [Expression.PathElement]) -> JSON? {
        var value = self
        for element in path {
            switch (element, value) {
            case (.member(let key), .object(let members)):
                guard let member = members[key] else { return nil }
                value = member
            case (.element(let index), .array(let elements)):
                guard elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }
}

extension UInt8 {
    /// Whether a URL may contain it anywhere, without a meaning of its own (RFC 3986 section 2.3).
    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let start = count
        var rest = number.magnitude
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }

    fileprivate mutating func append(percentEncoding byte: UInt8) {
        guard !byte.isUnreserved else { return append(byte) }
        append(UInt8(ascii: "%"))
        append(hexadecimal: byte >> 4, ten: UInt8(ascii: "A"))
        append(hexadecimal: byte & 15, ten: UInt8(ascii: "A"))
    }

    fileprivate mutating func append(hexadecimal digit: UInt8, ten: UInt8 = UInt8(ascii: "a")) {
        append(digit < 10 ? UInt8(ascii: "0") + digit : ten + digit - 10)
    }
}
