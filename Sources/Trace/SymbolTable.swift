/// Names and the numbers that stand for them in records.
package struct SymbolTable: Sendable {
    private(set) package var names: [String] = []
    private var numbers: [String: UInt32] = [:]

    package init() {}

    package var count: Int { names.count }

    package subscript(number: UInt32) -> String {
        Int(number) < names.count ? names[Int(number)] : "?"
    }

    /// The name's number, a new one if it is not known yet.
    package mutating func number(of name: String) -> UInt32 {
        if let known = numbers[name] { return known }
        let number = UInt32(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }
}
