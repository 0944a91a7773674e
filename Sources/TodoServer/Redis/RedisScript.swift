import COpenSSL

/// A Lua script, called by its SHA-1 so that its text is sent only where Redis does not know it yet.
package struct RedisScript: Sendable {
    package let source: String
    package let digest: String

    package init(_ source: String) {
        self.source = source
        var bytes = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        _ = SHA1(Array(source.utf8), source.utf8.count, &bytes)
        digest = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension RedisClient {
    /// Runs a script over one key.
    package func evaluate(
        _ script: RedisScript, key: String, arguments: [RedisCommand.Argument]
    ) async -> Result<RedisReply, RedisError> {
        let rest: [RedisCommand.Argument] = [.text("1"), .text(key)] + arguments
        let reply = await send(RedisCommand("EVALSHA", arguments: [.text(script.digest)] + rest))
        // Redis was restarted or its scripts were flushed; it has run nothing.
        guard case .failure(.refused(let message)) = reply, message.hasPrefix("NOSCRIPT") else { return reply }
        return await send(RedisCommand("EVAL", arguments: [.text(script.source)] + rest))
    }
}
