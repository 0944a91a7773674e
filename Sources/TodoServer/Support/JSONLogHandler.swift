import Glibc
import Logging
import NIOCore

/// Writes each log event as one line of JSON: `{"time":…,"level":…,"message":…}` plus the metadata.
package struct JSONLogHandler: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata = Logger.Metadata()
    private let write: @Sendable (ByteBuffer) -> Void

    package init(write: @escaping @Sendable (ByteBuffer) -> Void) {
        self.write = write
    }

    /// Writes each line in one call, so that lines from different threads do not interleave.
    package static func standardError() -> JSONLogHandler {
        JSONLogHandler { line in
            _ = line.withUnsafeReadableBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var members: [JSONObject.Member] = [
            .init(name: "time", value: .string(WallClock.timestamp)),
            .init(name: "level", value: .string(event.level.rawValue)),
            .init(name: "message", value: .string(event.message.description)),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            members.append(.init(name: key, value: value.json))
        }
        if let error = event.error { members.append(.init(name: "error", value: .string("\(error)"))) }
        var line = ByteBuffer()
        line.writeJSON(.object(JSONObject(members: members)))
        line.writeStaticString("\n")
        write(line)
    }
}

extension Logger.MetadataValue {
    fileprivate var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .stringConvertible(let value): .string(value.description)
        case .array(let values): .array(values.map(\.json))
        case .dictionary(let values):
            .object(
                JSONObject(
                    members: values.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: $0.value.json) }))
        }
    }
}
