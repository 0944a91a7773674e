import Scenario

extension Header {
    /// Whether it says who sends the request, as far as its name shows.
    var carriesCredential: Bool {
        let name = name.lowercased()
        return ["authorization", "cookie", "key", "token", "secret"].contains { name.contains($0) }
    }
}
