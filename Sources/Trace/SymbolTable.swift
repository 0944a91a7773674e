/// Maps names to the numbers that stand for them in records.
package struct SymbolTable: Sendable {
    private(set) package var names: [String] = []
    private var numbers: [String: UInt32] = [:]

    package init() {}

    package var count: Int { names.count }

    package subscript(number: UInt32) -> String {
        Int(number) < names.count ? names[Int(number)] : "?"
    }

    /// The number of a name. An unknown name gets a new number.
    package mutating func number(of name: String) -> UInt32 {
        if let known = numbers[name] { return known }
        let number = UInt32(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }
}
