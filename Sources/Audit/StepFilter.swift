import Trace

/// Selects the requests of some steps.
struct StepFilter {
    /// By the step's number; nil if all are selected.
    private let isIncluded: [Bool]?

    /// - Parameter names: the steps' names; empty for all.
    init(_ trace: borrowing RequestTrace, _ names: Set<String>) {
        isIncluded = names.isEmpty ? nil : trace.steps.names.map(names.contains)
    }

    func includes(_ record: TraceRecord) -> Bool { isIncluded?[Int(record.step)] ?? true }
}
