import COpenSSL

/// A Lua script, called by its SHA-1 digest. Its source is only sent if Redis does not have it yet.
package struct RedisScript: Sendable {
    /// The keys and values for a script call.
    package struct Arguments: Sendable {
        /// The script's digest or source, the number of keys, the keys, and the values.
        private var all: [RedisCommand.Argument]

        package init(keys: String..., values: RedisCommand.Argument...) {
            self.init(keys: keys, values: values)
        }

        package init(keys: [String], values: [RedisCommand.Argument]) {
            all = []
            all.reserveCapacity(2 + keys.count + values.count)
            all.append(.text(""))
            all.append(.text(String(keys.count)))
            for key in keys { all.append(.text(key)) }
            all.append(contentsOf: values)
        }

        /// - Parameter script: the digest for `EVALSHA`, the source for `EVAL`.
        fileprivate consuming func command(_ name: StaticString, _ script: String) -> RedisCommand {
            all[0] = .text(script)
            return RedisCommand(name, arguments: all)
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
}

extension RedisClient {
    /// Runs a script.
    /// - Parameter arguments: builds the arguments for the connected Redis, whose identity may be part of a key.
    package func evaluate(
        _ script: RedisScript, _ arguments: @escaping @Sendable (RedisIdentity) -> RedisScript.Arguments
    ) async -> RedisAnswer {
        let answer = await send { arguments($0).command("EVALSHA", script.digest) }
        // After a restart or SCRIPT FLUSH, Redis has not run anything. Send the source.
        guard case .failure(.refused(let message)) = answer.result, message.hasPrefix("NOSCRIPT") else { return answer }
        return await send { arguments($0).command("EVAL", script.source) }
    }
}
