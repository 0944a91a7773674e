import NIOCore
import Synchronization

/// What is measured, as families of samples. Whoever counts something asks here for a counter once and adds to it;
/// the lock is held for that and for reading them all, never while requests are counted.
package final class Metrics: Sendable {
    private struct Family: Sendable {
        var name: String
        var help: String
        var kind: String
        var samples: [Sample] = []
    }

    private struct Sample: Sendable {
        /// `{route="/todos"}`, or nothing.
        var labels: String
        var omitsZero: Bool
        var read: @Sendable () async -> Int
    }

    private let families = Mutex<[Family]>([])

    package init() {}

    /// A counter of its own for these labels.
    /// - Parameters:
    ///   - name: ends in `_total`.
    ///   - omitsZero: whether the sample is left out until something was counted.
    package func counter(
        _ name: String, _ help: String, labels: KeyValuePairs<String, String> = [:], omitsZero: Bool = false
    ) -> Counter {
        let counter = Counter()
        add(name, help, "counter", Sample(labels: Self.text(of: labels), omitsZero: omitsZero) { counter.value })
        return counter
    }

    /// A number that is asked for whenever the metrics are read.
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

    /// In the label values here nothing is to be escaped: they are names from the program.
    private static func text(of labels: KeyValuePairs<String, String>) -> String {
        labels.isEmpty ? "" : "{" + labels.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",") + "}"
    }

    /// Appends everything in Prometheus' text format, version 0.0.4.
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
