import NIOCore

/// The value of a user's key in Redis.
///
/// - A lease: `lease:` and its number in hexadecimal.
/// - A list: the number of the lease that it was stored under, in 16 hexadecimal digits; its expiry time in
///   milliseconds since 1970, in 13 digits; and the JSON array.
/// - Tombstones: a sorted set of the writes in progress, scored by the time by which each must have ended.
enum RedisCacheValue {
    case nothing
    case lease(CacheLease)
    case list(number: CacheLease, expires: Int64, ByteBuffer)
    case tombstones

    private static let leasePrefix = "lease:"
    private static let numberLength = 16
    private static let stampLength = 13

    /// Parses the value left by `RedisTodoCache.finding`. Returns nil if it is invalid.
    /// - Parameter reply: bytes, or a number for tombstones.
    init?(_ reply: RedisReply) {
        switch reply {
        case .integer: self = .tombstones
        case .null: self = .nothing
        case .bulk(var bytes):
            if bytes.readableBytes == 0 {
                self = .nothing
            } else if let lease = Self.lease(bytes) {
                self = .lease(lease)
            } else if let text = bytes.readString(length: Self.numberLength), let number = UInt64(text, radix: 16),
                let stamp = bytes.readString(length: Self.stampLength), let expires = Int64(stamp)
            {
                self = .list(number: CacheLease(number: number), expires: expires, bytes)
            } else {
                return nil
            }
        default: return nil
        }
    }

    private static func lease(_ bytes: ByteBuffer) -> CacheLease? {
        guard bytes.readableBytes <= leasePrefix.utf8.count + numberLength,
            let text = bytes.getString(at: bytes.readerIndex, length: bytes.readableBytes),
            text.hasPrefix(leasePrefix), let number = UInt64(text.dropFirst(leasePrefix.count), radix: 16)
        else { return nil }
        return CacheLease(number: number)
    }

    static func text(of lease: CacheLease) -> String { leasePrefix + String(lease.number, radix: 16) }

    static func bytes(of list: ByteBuffer, under lease: CacheLease, expires: Int64) -> ByteBuffer {
        let number = String(lease.number, radix: 16)
        var value = ByteBuffer()
        value.reserveCapacity(numberLength + stampLength + list.readableBytes)
        value.writeString(String(repeating: "0", count: numberLength - number.utf8.count) + number)
        value.writeString(String(expires))
        value.writeImmutableBuffer(list)
        return value
    }
}
