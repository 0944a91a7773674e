import FoundationEssentials

/// The functions that an expression can call. The set is fixed: a scenario is data, not a program.
package enum TemplateFunction: String, CaseIterable, Hashable, Sendable {
    case uuid, now, randomInt, randomString, base64, base64url, urlEncode, hmacSha256, sha256, jwt, counter, env, file,
        pick
    case iteration, virtualUser

    package var usage: String {
        switch self {
        case .uuid: "uuid()"
        case .now: "now(), now(offsetSeconds), now(offsetSeconds, 'iso')"
        case .randomInt: "randomInt(lowest, highest)"
        case .randomString: "randomString(length)"
        case .base64: "base64(text)"
        case .base64url: "base64url(text)"
        case .urlEncode: "urlEncode(text)"
        case .hmacSha256: "hmacSha256(text, key)"
        case .sha256: "sha256(text)"
        case .jwt: "jwt(header, claims, secret), jwt(header, claims, secret, 'HS256')"
        case .counter: "counter(), counter(name)"
        case .env: "env(name), env(name, default)"
        case .file: "file(path)"
        case .pick: "pick(list, number)"
        case .iteration: "iteration()"
        case .virtualUser: "virtualUser()"
        }
    }

    package var summary: String {
        switch self {
        case .uuid: "a random UUID (RFC 9562, version 4)"
        case .now: "the time in whole seconds since 1970, plus an offset; with 'iso', as RFC 3339 text"
        case .randomInt: "a random whole number from lowest to highest, inclusive"
        case .randomString: "random letters and digits"
        case .base64: "base64 (RFC 4648 section 4)"
        case .base64url: "base64url without padding (RFC 4648 section 5)"
        case .urlEncode: "percent-encoding of all but the unreserved characters (RFC 3986 section 2.3)"
        case .hmacSha256: "HMAC-SHA-256 in lower-case hexadecimal"
        case .sha256: "SHA-256 in lower-case hexadecimal"
        case .jwt:
            "a compact JWS (RFC 7515) over header and claims, given as objects or raw text; the header's alg or the "
                + "fourth argument selects the MAC (HS256, HS384, HS512, none; anything else gives HS256)"
        case .counter: "1, then 2, and so on, counted separately for each name"
        case .env: "the value of an environment variable"
        case .file: "a file's text; the path is relative to the scenario"
        case .pick: "the list element at this position, counted from 1 and wrapping around: `pick(names, counter())`"
        case .iteration: "the number of this iteration, from 0"
        case .virtualUser: "the number of this virtual user, from 0"
        }
    }

    var parameterCount: ClosedRange<Int> {
        switch self {
        case .uuid, .iteration, .virtualUser: 0...0
        case .now: 0...2
        case .counter: 0...1
        case .randomString, .base64, .base64url, .urlEncode, .sha256, .file: 1...1
        case .env: 1...2
        case .randomInt, .hmacSha256, .pick: 2...2
        case .jwt: 3...4
        }
    }

    /// Whether equal arguments give equal results throughout a run.
    package var isPure: Bool {
        switch self {
        case .base64, .base64url, .urlEncode, .hmacSha256, .sha256, .jwt, .env, .file, .pick: true
        case .uuid, .now, .randomInt, .randomString, .counter, .iteration, .virtualUser: false
        }
    }

    func call(_ arguments: [JSON], _ context: TemplateContext) throws(TemplateError) -> JSON {
        switch self {
        case .uuid: return .string(UUID().uuidString.lowercased())
        case .now: return try time(arguments, context.now())
        case .randomInt:
            let (low, high) = (try int(arguments, 0), try int(arguments, 1))
            guard low <= high else { throw fault("the lowest, \(low), is above the highest, \(high)") }
            return .number(JSONNumber(Int.random(in: low...high)))
        case .randomString:
            let length = try int(arguments, 0)
            guard (0...1_048_576).contains(length) else { throw fault("the length must be from 0 to 1048576") }
            let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
            return .string(
                String(decoding: (0..<length).map { _ in alphabet[.random(in: alphabet.indices)] }, as: UTF8.self))
        case .base64: return .string(Encoding.base64(Array(arguments[0].templateText.utf8)))
        case .base64url: return .string(Encoding.base64url(Array(arguments[0].templateText.utf8)))
        case .urlEncode: return .string(Encoding.percent(arguments[0].templateText))
        case .hmacSha256:
            let mac = Digest.hmac(
                Array(arguments[0].templateText.utf8), key: Array(arguments[1].templateText.utf8), .sha256)
            return .string(Encoding.hexadecimal(mac))
        case .sha256: return .string(Encoding.hexadecimal(Digest.sha256(Array(arguments[0].templateText.utf8))))
        case .jwt: return .string(try jwt(arguments))
        case .counter: return .number(JSONNumber(context.nextCount(of: arguments.first?.templateText ?? "")))
        case .env:
            let name = arguments[0].templateText
            if let value = context.environment[name] { return .string(value) }
            guard arguments.count == 2 else { throw fault("the environment variable \(name) is not set") }
            return arguments[1]
        case .file:
            return .string(String(decoding: try context.read(arguments[0].templateText), as: UTF8.self))
        case .pick:
            guard case .array(let elements) = arguments[0], !elements.isEmpty else {
                throw fault("the first argument must be a non-empty list")
            }
            // Positions count from 1 and wrap around in both directions.
            let number = try int(arguments, 1) % elements.count
            return elements[(number - 1 + elements.count) % elements.count]
        case .iteration: return .number(JSONNumber(context.iteration))
        case .virtualUser: return .number(JSONNumber(context.virtualUser))
        }
    }

    private func time(_ arguments: [JSON], _ now: Double) throws(TemplateError) -> JSON {
        let offset = arguments.isEmpty ? 0 : try int(arguments, 0)
        let (seconds, isTooLarge) = (Int(exactly: now.rounded(.down)) ?? 0).addingReportingOverflow(offset)
        guard !isTooLarge else { throw fault("an offset of \(offset) seconds is too large") }
        guard arguments.count == 2 else { return .number(JSONNumber(seconds)) }
        guard arguments[1] == .string("iso") else { throw fault("the only format is 'iso'") }
        guard let text = InternetDate.text(secondsSince1970: seconds) else {
            throw fault("an offset of \(offset) seconds is outside the years 0000 to 9999")
        }
        return .string(text)
    }

    /// Builds a compact JWS (RFC 7515 section 7.1). It can deliberately build tokens that a server must reject.
    private func jwt(_ arguments: [JSON]) throws(TemplateError) -> String {
        let segments = arguments[0...1].map { Encoding.base64url(Array($0.templateText.utf8)) }
        var algorithm = "HS256"
        if case .object(let header) = arguments[0], case .string(let named)? = header["alg"] { algorithm = named }
        if arguments.count == 4 { algorithm = arguments[3].templateText }
        let input = segments.joined(separator: ".")
        let key = Array(arguments[2].templateText.utf8)
        let mac: [UInt8] =
            switch algorithm {
            case "HS384": Digest.hmac(Array(input.utf8), key: key, .sha384)
            case "HS512": Digest.hmac(Array(input.utf8), key: key, .sha512)
            case _ where algorithm.lowercased() == "none": []
            default: Digest.hmac(Array(input.utf8), key: key, .sha256)
            }
        return "\(input).\(Encoding.base64url(mac))"
    }

    private func int(_ arguments: [JSON], _ index: Int) throws(TemplateError) -> Int {
        if case .number(let number) = arguments[index], let value = number.int { return value }
        if case .string(let text) = arguments[index], let value = Int(text) { return value }
        throw fault("argument \(index + 1) must be a whole number, not \(arguments[index].serialized())")
    }

    private func fault(_ reason: String) -> TemplateError { .function(rawValue, reason: reason) }
}
