import JSONDocuments
import Probe
import Scenario

/// What the body of a read shows of a cache.
struct ShownBody {
    /// The numbers of the written values that it contains.
    let shown: Set<Int>
    /// Members of a JSON object that may tell a hit from a miss.
    let markers: [String: String]
    /// Equal for equal bodies, apart from members that tell a hit from a miss.
    let digest: UInt64

    /// Longer members are content.
    private static let longestMarker = 40

    /// - Parameter values: the numbers of the values written so far.
    init(_ body: [UInt8], values: [String: Int]) {
        shown = Set(TextTokens(body).words.compactMap { values[$0] })
        var markers: [String: String] = [:]
        var digest = Self.offset
        if let root = try? JSONDocument(parsing: body).root, root.entry.kind == .object {
            for (key, value) in root.members {
                let name = key.string ?? ""
                let text = value.value.templateText
                if value.isScalar, text.utf8.count <= Self.longestMarker, values[text] == nil { markers[name] = text }
                if value.isScalar, CacheVocabulary.isHit(marker: name, value: text) != nil { continue }
                Self.add(name, to: &digest)
                Self.add(text, to: &digest)
            }
        } else {
            Self.add(body, to: &digest)
        }
        self.markers = markers
        self.digest = digest
    }

    // FNV-1a (Fowler, Noll and Vo).

    private static let offset: UInt64 = 0xcbf2_9ce4_8422_2325

    private static func add(_ text: String, to digest: inout UInt64) { add(text.utf8, to: &digest) }

    private static func add(_ bytes: some Sequence<UInt8>, to digest: inout UInt64) {
        for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // So that "ab", "c" differs from "a", "bc".
        digest = (digest ^ 0xFF) &* 0x100_0000_01b3
    }
}

extension JSONNode {
    fileprivate var isScalar: Bool { entry.kind != .object && entry.kind != .array }
}
