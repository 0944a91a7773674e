/// A Bearer `Authorization` field (RFC 6750 section 2.1) in canonical form: `Bearer`, one space, the token.
struct BearerCredentials: Equatable {
    private static let prefix: StaticString = "Bearer "

    /// The field in canonical form, regardless of the client's spaces and letter case. ASCII only.
    let field: String

    var token: String { String(field.dropFirst(Self.prefix.utf8CodeUnitCount)) }

    /// - Throws: `notAuthenticated` for another scheme, `invalidToken` for bytes outside ASCII.
    init(_ field: String) throws(AuthError) {
        switch Self.form(of: field) {
        case .usual: self.field = field
        // Swift compares strings by canonical equivalence, so the Kelvin sign equals K. Only compare ASCII.
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

    /// Takes one pass over the bytes. Nearly all fields are already canonical and need no copy.
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
