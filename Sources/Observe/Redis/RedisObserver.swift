import CHiredis
import Glibc

/// Reads what Redis counts, with INFO over a connection of its own.
final class RedisObserver: Observer {
    private let name: String
    private let context: UnsafeMutablePointer<redisContext>

    /// Limit on connecting, and on each reply, in seconds.
    private static let timeLimit = 2

    init(_ address: RedisAddress) throws(ObservationError) {
        name = address.description
        let limit = timeval(tv_sec: Self.timeLimit, tv_usec: 0)
        let made =
            switch address.endpoint {
            case .tcp(let host, let port): redisConnectWithTimeout(host, port, limit)
            case .unix(let path): redisConnectUnixWithTimeout(path, limit)
            }
        guard let made else { throw ObservationError("\(address): out of memory") }
        context = made
        guard context.pointee.err == 0, redisSetTimeout(context, limit) == REDIS_OK else { throw failure }
        guard let password = address.password else { return }
        _ = try reply(to: ["AUTH"] + [address.user, password].compactMap(\.self))
    }

    deinit { redisFree(context) }

    func read() throws(ObservationError) -> Reading {
        let before = MonotonicInstant.now()
        // One section each: INFO takes several only since Redis 7.
        var text = try reply(to: ["INFO", "commandstats"])
        let after = MonotonicInstant.now()
        for section in ["cpu", "stats", "memory"] { text += "\n" + (try reply(to: ["INFO", section])) }
        let info = RedisInfo(text)
        guard info.isUsable else { throw ObservationError("\(name): the reply to INFO has no figures") }
        return Reading(time: before + (after - before) / 2, values: info.metrics, commands: info.commands)
    }

    /// Runs a command and returns its reply as text.
    private func reply(to words: [String]) throws(ObservationError) -> String {
        let copies = words.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var arguments = copies.map { UnsafePointer($0) }
        let lengths = words.map(\.utf8.count)
        let raw = BrokenPipes.suppressed { redisCommandArgv(context, Int32(arguments.count), &arguments, lengths) }
        guard let raw else { throw failure }
        defer { freeReplyObject(raw) }
        let reply = raw.assumingMemoryBound(to: redisReply.self).pointee
        let text = reply.str.map { start in
            String(decoding: UnsafeRawBufferPointer(start: start, count: Int(reply.len)), as: UTF8.self)
        }
        guard let text, reply.type != REDIS_REPLY_ERROR else {
            throw ObservationError("\(name): \(words[0]) failed: \(text ?? "unexpected reply")")
        }
        return text
    }

    /// hiredis's last error. The connection is unusable afterwards.
    private var failure: ObservationError {
        let isLate = context.pointee.err == REDIS_ERR_IO && [EAGAIN, ETIMEDOUT].contains(errno)
        guard !isLate else { return ObservationError("\(name): no reply within \(Self.timeLimit) s") }
        let text = withUnsafeBytes(of: context.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return ObservationError("\(name): \(text)")
    }
}
