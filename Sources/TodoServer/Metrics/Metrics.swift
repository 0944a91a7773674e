import NIOCore
import Synchronization

/// The server's metrics, as families of samples.
///
/// Each counter is registered once and then incremented directly. The lock protects registering and reading; counting
/// requests does not take it.
package final class Metrics: Sendable {
    private struct Family: Sendable {
        var name: String
        var help: String
        var kind: String
        var samples: [Sample] = []
    }

    private struct Sample: Sendable {
        /// Such as `{route="/todos"}`; empty without labels.
        var labels: String
        var omitsZero: Bool
        var read: @Sendable () async -> Int
    }

    private let families = Mutex<[Family]>([])

    package init() {}

    /// Registers a counter for these labels.
    /// - Parameters:
    ///   - name: must end in `_total`.
    ///   - omitsZero: whether to omit the sample while it is zero.
    package func counter(
        _ name: String, _ help: String, labels: KeyValuePairs<String, String> = [:], omitsZero: Bool = false
    ) -> Counter {
        let counter = Counter()
        add(name, help, "counter", Sample(labels: Self.text(of: labels), omitsZero: omitsZero) { counter.value })
        return counter
    }

    /// Registers a gauge, whose value is computed whenever the metrics are read.
    package func gauge(_ name: String, _ help: String, read: @escaping @Sendable () async -> Int) {
        add(name, help, "gauge", Sample(labels: "", omitsZero: false, read: read))
    }

    private func add(_ name: String, _ help: String, _ kind: String, _ sample: Sample) {
        families.withLock { families in
            if let index = families.firstIndex(where: { $0.name == name }) {
                families[index].samples.append(sample)
            } else {
                families.append(Family(name: name, help: help, kind: kind, samples: [sample]))
            }
        }
    }

    /// Does not escape label values: they are all names from the program.
    private static func text(of labels: KeyValuePairs<String, String>) -> String {
        labels.isEmpty ? "" : "{" + labels.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",") + "}"
    }

    /// Appends all metrics in the Prometheus text format, version 0.0.4.
    package func write(into buffer: inout ByteBuffer) async {
        for family in families.withLock({ $0 }) {
            buffer.writeString("# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind)\n")
            for sample in family.samples {
                let value = await sample.read()
                if value == 0, sample.omitsZero { continue }
                buffer.writeString("\(family.name)\(sample.labels) \(value)\n")
            }
        }
    }
}
