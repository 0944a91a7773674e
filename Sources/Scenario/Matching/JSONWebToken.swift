/// The header and claims of a compact JWS (RFC 7515 section 7.1). The signature is not checked.
package struct JSONWebToken: Sendable {
    package let header: JSONDocument
    package let claims: JSONDocument

    /// Nil if the text is not a compact JWS with JSON header and claims.
    package init?(_ text: String) {
        let segments = text.split(separator: ".", omittingEmptySubsequences: false)
        guard segments.count == 3, let header = Self.document(segments[0]), let claims = Self.document(segments[1])
        else { return nil }
        self.header = header
        self.claims = claims
    }

    private static func document(_ segment: Substring) -> JSONDocument? {
        Encoding.decodeBase64url(segment).flatMap { try? JSONDocument(parsing: $0) }
    }
}
