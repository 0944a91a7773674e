import Trace

/// The reads of one set, and when each of its elements was created and deleted.
struct SetHistory {
    struct Element: Equatable {
        var number: UInt32
        /// Nil if the element existed before the trace began.
        var creation: RegisterHistory.Access?
        /// Nil if the element was not deleted.
        var deletion: RegisterHistory.Access?
        /// Whether it was created or deleted more than once, or perhaps deleted before it was created: its states cannot
        /// be told apart.
        var isRepeated = false
    }

    struct Read: Equatable {
        var interval: Interval
        var user: UInt32
        /// Indices of `elements`, each once.
        var shown: [Int]
    }

    private(set) var elements: [Element] = []
    /// Sorted by the time at which they were sent.
    private(set) var reads: [Read] = []
    private(set) var changes: [Interval] = []

    private var indices: [UInt32: Int] = [:]

    var isEmpty: Bool { reads.isEmpty && changes.isEmpty }

    /// - Parameter records: of one set, sorted by the time at which they were sent.
    init(_ records: ArraySlice<TraceRecord>, _ numbers: inout SetElements) {
        // The indices of a list that was shown before: a cached response is shown many times.
        var shown: [UInt32: [Int]] = [:]
        for record in records {
            switch record.operation {
            case .read where record.outcome == .admitted:
                if shown[record.value] == nil {
                    shown[record.value] = Set(numbers.list(record.value).map { index(of: $0) }).sorted()
                }
                reads.append(
                    Read(interval: Interval(record), user: record.user, shown: shown[record.value] ?? []))
            case .write where record.outcome != .denied && record.value != TraceRecord.noValue:
                let access = change(record, &numbers)
                let index = self.index(of: access.value ?? 0)
                if elements[index].creation != nil { elements[index].isRepeated = true }
                elements[index].creation = access
            case .delete where record.outcome != .denied && record.value != TraceRecord.noValue:
                let access = change(record, &numbers)
                let index = self.index(of: access.value ?? 0)
                if elements[index].deletion != nil { elements[index].isRepeated = true }
                elements[index].deletion = access
            default: break
            }
        }
        for index in elements.indices {
            guard let creation = elements[index].creation, let deletion = elements[index].deletion else { continue }
            if creation.interval.received >= deletion.interval.sent { elements[index].isRepeated = true }
        }
    }

    private mutating func change(_ record: TraceRecord, _ numbers: inout SetElements) -> RegisterHistory.Access {
        let interval = Interval(change: record)
        changes.append(interval)
        return RegisterHistory.Access(interval: interval, value: numbers.element(record.value), user: record.user)
    }

    private mutating func index(of element: UInt32) -> Int {
        if let known = indices[element] { return known }
        indices[element] = elements.count
        elements.append(Element(number: element))
        return elements.count - 1
    }
}
