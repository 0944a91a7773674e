import Scenario

/// Where the requests of a write step carry the value that is new each time, found by comparing two of them.
package struct WrittenValue: Sendable {
    /// The word's place in path and body.
    private let place: Int

    /// Shorter words could appear in a body by chance.
    private static let shortest = 6

    /// Nil if nothing that is long enough differs.
    package init?(_ one: Request, _ other: Request) {
        let (left, right) = (Self.words(one), Self.words(other))
        guard left.count == right.count else { return nil }
        let differing = left.indices.filter {
            left[$0] != right[$0] && min(left[$0].count, right[$0].count) >= Self.shortest
        }
        guard let place = differing.max(by: { (left[$0].count, $1) < (left[$1].count, $0) }) else { return nil }
        self.place = place
    }

    /// The value that a request carries.
    package func value(in request: Request) -> String? {
        let words = Self.words(request)
        return words.indices.contains(place) ? words[place] : nil
    }

    private static func words(_ request: Request) -> [String] {
        TextTokens(request.target.utf8).words + TextTokens(request.body ?? []).words
    }
}
