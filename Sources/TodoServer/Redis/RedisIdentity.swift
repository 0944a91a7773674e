/// Identifies the Redis process at the other end of a connection.
///
/// A Redis that restarts, or that is promoted in another's place, may still have data that was since deleted. It has
/// another identity, so keys that contain the old identity are never read there.
package struct RedisIdentity: Sendable, Hashable {
    /// The run id, which is random and changes with every start. The replication id does not work: it changes when the
    /// first replica attaches, so connections from before and after would know the same Redis under two names.
    package var text: String

    package init(text: String) {
        self.text = text
    }

    /// Parses the reply to `INFO`.
    /// - Throws: if the Redis is not a master, or has no run id.
    package init(info: String) throws(RedisError) {
        var fields: [Substring: Substring] = [:]
        for line in info.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        guard fields["role"] == "master" else {
            throw .refused("its role is \(fields["role"] ?? "unknown"), and a master is required")
        }
        guard let run = fields["run_id"], run.utf8.count >= Self.shortest else { throw .refused("INFO has no run_id") }
        text = String(run)
    }

    /// A shorter run id might not be unique.
    private static let shortest = 16
}
