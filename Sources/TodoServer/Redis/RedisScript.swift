import COpenSSL

/// A Lua script, called by its SHA-1 so that its text is sent only where Redis does not know it yet.
package struct RedisScript: Sendable {
    /// A script over one key.
    package struct Call: Sendable {
        package var command: RedisCommand
        fileprivate var source: String

        /// The same for a Redis that does not know the script.
        fileprivate var commandWithSource: RedisCommand {
            RedisCommand("EVAL", arguments: [.text(source)] + command.arguments.dropFirst())
        }
    }

    package let source: String
    package let digest: String

    package init(_ source: String) {
        self.source = source
        var bytes = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        _ = SHA1(Array(source.utf8), source.utf8.count, &bytes)
        digest = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    package func call(key: String, _ arguments: RedisCommand.Argument...) -> Call {
        var all: [RedisCommand.Argument] = []
        all.reserveCapacity(3 + arguments.count)
        all.append(.text(digest))
        all.append(.text("1"))
        all.append(.text(key))
        all.append(contentsOf: arguments)
        return Call(command: RedisCommand("EVALSHA", arguments: all), source: source)
    }
}

extension RedisClient {
    /// Runs a script.
    package func evaluate(_ call: RedisScript.Call) async -> RedisResult {
        await finish(call, after: send(call.command))
    }

    /// A call's result, where this was the reply to its command. Redis that was restarted, or whose scripts were flushed,
    /// has run nothing: it is sent the script.
    package func finish(_ call: RedisScript.Call, after reply: RedisResult) async -> RedisResult {
        guard case .failure(.refused(let message)) = reply, message.hasPrefix("NOSCRIPT") else { return reply }
        return await send(call.commandWithSource)
    }
}
