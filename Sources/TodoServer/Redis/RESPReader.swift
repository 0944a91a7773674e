import CHiredis
import NIOCore

/// Parses replies with hiredis' reader.
struct RESPReader: ~Copyable {
    /// Limit on buffered bytes. No expected reply is nearly this long, so a longer one is an error.
    static let maximumUnparsedBytes = 16 * 1024 * 1024

    private let reader: UnsafeMutablePointer<redisReader>

    init() {
        // redisReaderCreate only returns null if allocation fails.
        reader = redisReaderCreate()!
    }

    deinit {
        redisReaderFree(reader)
    }

    mutating func feed(_ bytes: ByteBuffer) throws(RedisError) {
        guard reader.pointee.len - reader.pointee.pos + bytes.readableBytes <= Self.maximumUnparsedBytes else {
            throw .protocolViolation("a reply is longer than \(Self.maximumUnparsedBytes) bytes")
        }
        let status = bytes.withUnsafeReadableBytes {
            redisReaderFeed(reader, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        guard status == 0 else { throw violation }
    }

    /// The next complete reply; nil if more bytes are needed. After an error the reader is unusable.
    mutating func next() throws(RedisError) -> RedisReply? {
        var raw: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &raw) == 0 else { throw violation }
        guard let raw else { return nil }
        defer { freeReplyObject(raw) }
        return RedisReply(raw.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private var violation: RedisError {
        withUnsafeBytes(of: reader.pointee.errstr) { bytes in
            .protocolViolation(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        }
    }
}

extension RedisReply {
    fileprivate init(_ reply: redisReply) {
        switch reply.type {
        case REDIS_REPLY_STRING: self = .bulk(ByteBuffer(bytes: reply.bytes))
        case REDIS_REPLY_STATUS: self = .status(String(decoding: reply.bytes, as: UTF8.self))
        case REDIS_REPLY_ERROR: self = .error(String(decoding: reply.bytes, as: UTF8.self))
        case REDIS_REPLY_INTEGER: self = .integer(reply.integer)
        case REDIS_REPLY_ARRAY:
            self = .array(
                (0..<Int(reply.elements)).map { index in
                    reply.element[index].map { RedisReply($0.pointee) } ?? .null
                })
        default: self = .null
        }
    }
}

extension redisReply {
    fileprivate var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: str, count: Int(len)) }
}
