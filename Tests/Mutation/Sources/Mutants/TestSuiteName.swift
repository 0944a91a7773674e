/// The names under which tests are run: a top-level suite, or a test outside any suite.
package enum TestSuiteName {
    /// `LoadTests.RateTests/inner()` is part of `LoadTests.RateTests`.
    package static func names(listing: String, targets: Set<String>) -> [String] {
        let names = listing.split(separator: "\n").compactMap { line -> String? in
            guard let name = line.split(separator: "/").first, let dot = name.firstIndex(of: "."),
                targets.contains(String(name[..<dot]))
            else { return nil }
            return String(name)
        }
        return Set(names).sorted()
    }

    package static func target(of name: String) -> String { String(name.prefix { $0 != "." }) }

    /// A regular expression that matches the tests in these suites.
    package static func filter(_ names: [String]) -> String {
        let escaped = names.map { name in
            name.map { $0.isLetter || $0.isNumber || $0 == "_" ? String($0) : "\\\($0)" }.joined()
        }
        return "^(\(escaped.joined(separator: "|")))(/|$)"
    }
}
