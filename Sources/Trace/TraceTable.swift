/// The tables of names that numbers in records stand for. The raw values are part of the file's format.
package enum TraceTable: UInt8, CaseIterable, Sendable {
    case steps, keys, values, users, classes

    /// The most names. A record's field has room for no more; its greatest number may mean that there is none.
    package var capacity: Int {
        switch self {
        case .steps: Int(UInt16.max)
        case .classes: Int(UInt8.max)
        case .keys, .values, .users: Int(UInt32.max)
        }
    }
}
