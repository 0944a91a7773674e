import Histogram

/// The interchange encoding of HDR histograms: V2, compressed, as in HdrHistogram's own tools and log files.
///
/// Source: HdrHistogram, AbstractHistogram.encodeIntoCompressedByteBuffer, V2EncodingCookieBase. The deflate stream
/// (RFC 1951) consists of stored blocks. Runs of empty buckets already take one number each, so compression would gain
/// little.
extension Histogram where Count == UInt64 {
    private static var cookie: UInt32 { 0x1C84_9313 }
    private static var compressedCookie: UInt32 { 0x1C84_9314 }
    /// log2 of the sub-buckets of half a bucket.
    private var halfMagnitude: Int {
        switch numberOfSignificantValueDigits {
        case .zero: 0
        case .one: 4
        case .two: 7
        case .three: 10
        case .four: 14
        case .five: 17
        }
    }

    /// The encoded bytes, to be written in base64.
    package var encodedBytes: [UInt8] {
        var counts = ByteWriter()
        var next = 0
        for bucket in filledBuckets {
            if bucket.index > next { counts.zigZag(-Int64(bucket.index - next)) }
            counts.zigZag(Int64(clamping: bucket.count))
            next = bucket.index + 1
        }
        var plain = ByteWriter()
        plain.integer(Self.cookie)
        plain.integer(UInt32(counts.bytes.count))
        plain.integer(UInt32(0))
        plain.integer(UInt32(numberOfSignificantValueDigits.rawValue))
        plain.integer(UInt64(1))
        plain.integer(Self.longestTime)
        plain.integer(Double(1).bitPattern)
        plain.bytes += counts.bytes
        let stream = plain.zlibStored
        var whole = ByteWriter()
        whole.integer(Self.compressedCookie)
        whole.integer(UInt32(stream.count))
        return whole.bytes + stream
    }

    /// Decodes what ``encodedBytes`` produces; nil for anything else.
    package init?(encodedBytes: [UInt8]) {
        var outer = ByteReader(encodedBytes)
        guard outer.integer(UInt32.self) == Self.compressedCookie, let length = outer.integer(UInt32.self),
            outer.rest.count == Int(length), let plain = ByteReader.zlibStored(outer.rest)
        else { return nil }
        var reader = ByteReader(plain)
        guard reader.integer(UInt32.self) == Self.cookie, let count = reader.integer(UInt32.self),
            reader.integer(UInt32.self) == 0, reader.integer(UInt32.self) == 3, reader.integer(UInt64.self) == 1,
            reader.integer(UInt64.self) == Self.longestTime, reader.integer(UInt64.self) != nil,
            reader.rest.count == Int(count)
        else { return nil }
        self = .times()
        var index = 0
        var total: UInt64 = 0
        while !reader.rest.isEmpty {
            guard let number = reader.zigZag() else { return nil }
            if number < 0 {
                guard number.magnitude <= UInt64(mostBuckets - index) else { return nil }
                index += Int(number.magnitude)
            } else {
                guard let value = value(at: index), value <= Self.longestTime,
                    UInt64(number) <= Self.mostSamples - total
                else { return nil }
                total += UInt64(number)
                if number > 0 { record(value, count: UInt64(number)) }
                index += 1
            }
        }
    }

    /// The maximum number of samples in a decoded histogram. Twice that number is still exact in any type used.
    private static var mostSamples: UInt64 { 1 << 60 }
    private var mostBuckets: Int { 52 << halfMagnitude }

    /// A bucket that has samples.
    ///
    /// Replaces `recordedValues()`, which multiplies times by counts and traps on overflow.
    struct FilledBucket {
        var index: Int
        var lowest: UInt64
        var highest: UInt64
        var count: UInt64
    }

    /// In ascending order of value.
    var filledBuckets: [FilledBucket] {
        guard totalCount > 0 else { return [] }
        var filled: [FilledBucket] = []
        var (index, rest) = (index(of: min), totalCount)
        while rest > 0, let lowest = value(at: index), lowest <= maxRecorded {
            let count = countForValue(lowest)
            if count > 0 {
                let highest = (value(at: index + 1) ?? .max) - 1
                filled.append(FilledBucket(index: index, lowest: lowest, highest: highest, count: count))
                rest -= Swift.min(count, rest)
            }
            index += 1
        }
        return filled
    }

    /// The index of a value's bucket.
    private func index(of value: UInt64) -> Int {
        let mask = UInt64(2 << halfMagnitude) - 1
        let bucket = 64 - (value | mask).leadingZeroBitCount - (halfMagnitude + 1)
        return (bucket + 1) << halfMagnitude + Int(value >> UInt64(bucket)) - 1 << halfMagnitude
    }

    /// The lowest value of a bucket; nil beyond the largest value.
    private func value(at index: Int) -> UInt64? {
        let half = 1 << halfMagnitude
        let bucket = index >> halfMagnitude - 1
        // Past these the shift could overflow.
        guard bucket + halfMagnitude < 60 else { return nil }
        return bucket < 0 ? UInt64(index) : UInt64(index & (half - 1) + half) << UInt64(bucket)
    }
}

/// Appends numbers in network byte order.
private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func integer<Integer: FixedWidthInteger>(_ value: Integer) {
        withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }

    /// Appends a ZigZag-encoded LEB128 number of at most nine bytes. The ninth byte uses all its bits for the number.
    mutating func zigZag(_ value: Int64) {
        var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
        for _ in 0..<8 {
            guard rest > 0x7F else { break }
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The bytes as a zlib stream (RFC 1950) of stored blocks.
    var zlibStored: [UInt8] {
        var stream = ByteWriter(bytes: [0x78, 0x01])
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(0xFFFF)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            stream.bytes.append(rest.isEmpty ? 1 : 0)
            // The lengths of stored blocks are little-endian.
            stream.integer(length.byteSwapped)
            stream.integer((~length).byteSwapped)
            stream.bytes += block
        } while !rest.isEmpty
        stream.integer(Self.adler32(bytes))
        return stream.bytes
    }

    /// The Adler-32 checksum (RFC 1950 section 8.2).
    static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }
}

/// Consumes numbers in network byte order.
private struct ByteReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { rest = Array(bytes)[...] }

    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        let size = MemoryLayout<Integer>.size
        guard rest.count >= size else { return nil }
        defer { rest = rest.dropFirst(size) }
        return rest.prefix(size).reduce(0) { $0 << 8 | Integer($1) }
    }

    mutating func zigZag() -> Int64? {
        var value: UInt64 = 0
        for position in 0..<9 {
            guard let byte = rest.popFirst() else { return nil }
            if position == 8 {
                value |= UInt64(byte) << 56
                break
            }
            value |= UInt64(byte & 0x7F) << UInt64(7 * position)
            if byte & 0x80 == 0 { break }
        }
        return Int64(value >> 1) ^ -Int64(value & 1)
    }

    /// The contents of a zlib stream of stored blocks; nil for anything else or if the checksum is wrong.
    static func zlibStored(_ stream: ArraySlice<UInt8>) -> [UInt8]? {
        var reader = ByteReader(stream)
        var bytes: [UInt8] = []
        guard reader.integer(UInt16.self) == 0x7801 else { return nil }
        var isLast = false
        while !isLast {
            guard let head = reader.integer(UInt8.self), head <= 1,
                let length = reader.integer(UInt16.self)?.byteSwapped,
                reader.integer(UInt16.self)?.byteSwapped == ~length, reader.rest.count >= Int(length)
            else { return nil }
            bytes += reader.rest.prefix(Int(length))
            reader.rest = reader.rest.dropFirst(Int(length))
            isLast = head == 1
        }
        return reader.integer(UInt32.self) == ByteWriter.adler32(bytes) && reader.rest.isEmpty ? bytes : nil
    }
}
