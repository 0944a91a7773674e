package struct JSONPathError: Error { package let message: String; package let range: Range<Int> }
package struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package init(parsing: String) throws(JSONPathError) { description = parsing }
    package var isSingular: Bool { !description.contains("*") }
    package func nodes(in node: JSONNode) -> [JSONNode] {
        var out = [node]
        var rest = Substring(description).dropFirst()
        while !rest.isEmpty {
            if rest.hasPrefix("[*]") { rest = rest.dropFirst(3); out = out.flatMap { Array($0.elements) }; continue }
            if rest.hasPrefix("[") {
                let d = rest.dropFirst().prefix { $0 != "]" }; rest = rest.dropFirst(d.count + 2);
                out = out.compactMap { $0[Int(d)!] }; continue
            }
            let name = rest.dropFirst().prefix { $0 != "." && $0 != "[" }
            rest = rest.dropFirst(name.count + 1)
            out = out.compactMap { $0[String(name)] }
        }
        return out
    }
}
