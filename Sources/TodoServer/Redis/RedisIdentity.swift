/// Which Redis a connection leads to: one process.
///
/// A Redis that restarts, or that is promoted in another's place, may remember data that the earlier one has deleted
/// since. It has another identity, so keys that contain the identity are never found there.
package struct RedisIdentity: Sendable, Hashable {
    /// Its run id, which is random and changes with every start. The replication id would not do: it changes when the
    /// first replica attaches, and connections from before and after would lead to the same Redis under two names.
    package var text: String

    package init(text: String) {
        self.text = text
    }

    /// Reads the reply to `INFO`.
    /// - Throws: where the Redis is a replica, or does not name itself.
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

    /// A shorter number would not be unique.
    private static let shortest = 16
}
