/// An `Authorization` field of the scheme Bearer (RFC 6750 section 2.1) in its usual form: `Bearer`, one space, the token.
struct BearerCredentials: Equatable {
    private static let prefix: StaticString = "Bearer "

    /// The field as it is usually written, whatever spaces and letter case the client used. ASCII only.
    let field: String

    var token: String { String(field.dropFirst(Self.prefix.utf8CodeUnitCount)) }

    /// - Throws: `notAuthenticated` for another scheme, `invalidToken` for bytes that no token has.
    init(_ field: String) throws(HTTPError) {
        switch Self.form(of: field) {
        case .usual: self.field = field
        // Strings are equal by canonical equivalence, where the Kelvin sign is a K: only ASCII is ever compared.
        case .notASCII: throw .invalidToken
        case .other:
            let end = field.utf8.firstIndex(of: UInt8(ascii: " ")) ?? field.endIndex
            guard field[..<end].isToken("bearer") else { throw .notAuthenticated }
            self.field = "Bearer " + field[end...].trimmingSpaces()
        }
    }

    private enum Form {
        case usual
        case other
        case notASCII
    }

    /// One pass over the bytes: nearly all fields have the usual form and need no copy.
    private static func form(of field: String) -> Form {
        var field = field
        return field.withUTF8 { bytes in
            guard bytes.reduce(0, |) < 0x80 else { return .notASCII }
            let count = prefix.utf8CodeUnitCount
            guard bytes.count > count, !bytes[count].isBlank, !bytes[bytes.count - 1].isBlank else { return .other }
            for index in 0..<count where bytes[index] != prefix.utf8Start[index] { return .other }
            return .usual
        }
    }
}
