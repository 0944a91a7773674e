import Scenario

extension JSON {
    package static func random(depth: Int, using random: inout some RandomNumberGenerator) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: .null
        case 1: .boolean(.random(using: &random))
        case 2:
            .number(JSONNumber(Int.random(in: .min ... .max, using: &random) >> Int.random(in: 0...62, using: &random)))
        case 3: JSONNumber(Double.random(in: -1e6...1e6, using: &random)).map(JSON.number) ?? .null
        case 4: .string(.random(using: &random))
        case 5, 6:
            .array((0..<Int.random(in: 0...5, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            .object(
                JSONObject(
                    (0..<Int.random(in: 0...5, using: &random)).map { _ in
                        (.random(using: &random), .random(depth: depth - 1, using: &random))
                    }))
        }
    }

    /// The value serialized with random whitespace and comments wherever they are allowed.
    package func spaced(using random: inout some RandomNumberGenerator) -> String {
        let spaces = ["", "", " ", "\n", "\t\r\n", "/* é */", "// \" [\n", "\n// a \n", "\n\n", "\n/* b\n * c */"]
        func space() -> String { spaces.randomElement(using: &random) ?? "" }
        let comma = Bool.random(using: &random) ? "," : ""
        let inner: String
        switch self {
        case .array(let elements):
            let written = elements.map { $0.spaced(using: &random) }
            inner = "[" + written.joined(separator: ",") + (elements.isEmpty ? "" : comma) + space() + "]"
        case .object(let members):
            let written = members.map {
                "\(space())\(JSON.string($0.key).serialized())\(space()):\($0.value.spaced(using: &random))"
            }
            inner = "{" + written.joined(separator: ",") + (members.isEmpty ? "" : comma) + space() + "}"
        default: inner = serialized()
        }
        return space() + inner + space()
    }
}

extension String {
    fileprivate static func random(using random: inout some RandomNumberGenerator) -> String {
        var text = ""
        let planes: [ClosedRange<UInt32>] = [
            0...0x1F, 0x20...0x7F, 0x20...0x7F, 0x80...0x7FF, 0x800...0xFFFF, 0x10000...0x10FFFF,
        ]
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            let plane = planes[Int.random(in: planes.indices, using: &random)]
            guard let scalar = Unicode.Scalar(UInt32.random(in: plane, using: &random)) else { continue }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
