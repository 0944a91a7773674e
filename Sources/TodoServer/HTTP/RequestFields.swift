import NIOHTTP1

/// The request fields that this server uses, collected in one pass over the head.
package struct RequestFields: Sendable {
    package var authorization: String?
    package var contentType: String?
    package var contentEncoding: String?
    package var contentLength: Int?
    package var transferEncoding: String?
    package var forwardedFor: String?
    package var requestID: String?
    package var hostCount = 0
    package var hasInvalidHost = false
    package var offersUpgrade = false
    package var expectsContinue = false

    package init() {}

    package init(_ headers: HTTPHeaders) {
        for (name, value) in headers {
            // Compare lengths first: this rules out nearly all names.
            switch name.utf8.count {
            case 4 where name.isToken("host"):
                hostCount += 1
                if !value.isHost { hasInvalidHost = true }
            case 6 where name.isToken("expect"): expectsContinue = value.isToken("100-continue")
            case 7 where name.isToken("upgrade"): offersUpgrade = true
            case 12 where name.isToken("content-type"): contentType.join(value)
            case 12 where name.isToken("x-request-id"): requestID.join(value)
            case 13 where name.isToken("authorization"): authorization.join(value)
            case 14 where name.isToken("content-length"): contentLength = Int(value.trimmingSpaces()) ?? .max
            case 15 where name.isToken("x-forwarded-for"): forwardedFor.join(value)
            case 16 where name.isToken("content-encoding"): contentEncoding.join(value)
            case 17 where name.isToken("transfer-encoding"): transferEncoding.join(value)
            default: break
            }
        }
    }

    /// The content type in lower case, without parameters.
    package var mediaType: String? {
        guard let contentType else { return nil }
        let end = contentType.utf8.firstIndex(of: UInt8(ascii: ";")) ?? contentType.endIndex
        return contentType[..<end].trimmingSpaces().lowercased()
    }
}

extension Optional<String> {
    /// Joins repeated field lines into a list (RFC 9110 section 5.3).
    ///
    /// Handlers reject a list where only one value is allowed, so neither line is mistaken for the only one.
    fileprivate mutating func join(_ value: String) {
        self = map { "\($0), \(value)" } ?? value
    }
}
