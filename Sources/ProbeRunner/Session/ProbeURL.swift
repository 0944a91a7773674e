import Scenario
import ScenarioRunner

/// The URL that a probe sends requests to.
package struct ProbeURL: Sendable {
    package let base: BaseURL
    /// The path and query.
    package let path: String

    /// Nil unless the text is an absolute http or https URL.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, let base = BaseURL(parts.prefix(3).joined(separator: "/")) else { return nil }
        self.base = base
        path = "/" + (parts.count > 3 ? parts[3] : "")
    }
}

extension BaseURL {
    /// Whether the server is on this machine or in a private network (RFC 1918, RFC 4193). Names other than localhost
    /// count as public: what they stand for may change.
    package var isPrivate: Bool {
        if host == "localhost" || host == "::1" { return true }
        let lower = host.lowercased()
        if lower.contains(":") { return lower.hasPrefix("fc") || lower.hasPrefix("fd") || lower.hasPrefix("fe80:") }
        let bytes = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard bytes.count == 4, let first = bytes[0], let second = bytes[1], bytes.allSatisfy({ $0 != nil }) else {
            return false
        }
        switch (first, second) {
        case (127, _), (10, _), (192, 168), (172, 16...31), (169, 254): return true
        default: return false
        }
    }
}
