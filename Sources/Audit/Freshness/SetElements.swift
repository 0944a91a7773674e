import Trace

/// Gives the elements of sets their numbers, and splits each list of elements once.
///
/// A read's value lists the elements that it shows, separated by spaces. No value is the empty list.
struct SetElements {
    private let values: SymbolTable
    private var elements = SymbolTable()
    /// By the value's number.
    private var lists: [UInt32: [UInt32]] = [:]

    init(_ values: SymbolTable) { self.values = values }

    mutating func element(_ value: UInt32) -> UInt32 { elements.number(of: values.bytes(of: value)) }

    mutating func list(_ value: UInt32) -> [UInt32] {
        guard value != TraceRecord.noValue else { return [] }
        if let known = lists[value] { return known }
        let list = values.bytes(of: value).split(separator: UInt8(ascii: " ")).map { elements.number(of: $0) }
        lists[value] = list
        return list
    }

    func name(_ element: UInt32) -> String { elements[element] }
}
