/// The part of a response that an assertion checks or a capture takes.
package enum Query: Hashable, Sendable {
    case status
    case header(String)
    case json(JSONPath)
    case body
    case bytes
    case time
    case phase(Phase)
    /// The time since a step started.
    case since(String)
    /// A cookie that the response sets (RFC 6265 section 4.1).
    case cookie(String)
    case httpVersion

    package enum Phase: String, CaseIterable, Hashable, Sendable {
        case nameLookup, connect, tls, firstByte

        var time: KeyPath<Response.Times, Duration> {
            switch self {
            case .nameLookup: \.nameLookup
            case .connect: \.connect
            case .tls: \.tls
            case .firstByte: \.firstByte
            }
        }
    }

    /// Whether the result is a time, in milliseconds.
    var isTime: Bool {
        switch self {
        case .time, .phase, .since: true
        default: false
        }
    }

    /// The type of the result, or nil if it depends on the response.
    var valueKind: JSONKind? {
        switch self {
        case .status, .bytes, .time, .phase, .since: .number
        case .header, .body, .cookie, .httpVersion: .string
        case .json: nil
        }
    }

    /// The name in messages: `status`, `header Location`, `$.source`.
    package var name: String {
        switch self {
        case .status: "status"
        case .header(let name): "header \(name)"
        case .json(let path): path.description
        case .body: "body"
        case .bytes: "bytes"
        case .time: "time"
        case .phase(let phase): "phase \(phase.rawValue)"
        case .since(let step): "time since \(step)"
        case .cookie(let name): "cookie \(name)"
        case .httpVersion: "httpVersion"
        }
    }
}

/// A response being checked. Its body is parsed at most once, and only if needed.
package struct ExaminedResponse {
    package let response: Response
    /// The time from the start of each step to the end of the exchange.
    private let elapsed: [String: Duration]
    private var document: Result<JSONDocument, JSONSyntaxError>?

    package init(_ response: Response, elapsed: [String: Duration] = [:]) {
        self.response = response
        self.elapsed = elapsed
    }

    package mutating func observe(_ query: Query) -> Observed {
        switch query {
        case .status: return .value(.number(JSONNumber(response.status)))
        case .header(let name):
            return response.headers.combined(name).map { .value(.string($0)) } ?? .missing
        case .json(let path):
            switch parsed() {
            case .success(let document): return document.observe(path)
            case .failure(let error): return .unreadable(notJSON(error))
            }
        case .body: return .value(.string(String(decoding: response.body, as: UTF8.self)))
        case .bytes: return .value(.number(JSONNumber(response.body.count)))
        case .time: return Self.milliseconds(response.times.total)
        case .phase(let phase): return Self.milliseconds(response.times[keyPath: phase.time])
        case .since(let step): return elapsed[step].map(Self.milliseconds) ?? .missing
        case .cookie(let name):
            let prefix = name + "="
            let pair = response.headers.values(of: "Set-Cookie").last { $0.hasPrefix(prefix) }
            guard let value = pair?.dropFirst(prefix.count).prefix(while: { $0 != ";" }) else { return .missing }
            return .value(.string(String(value)))
        case .httpVersion: return .value(.string(response.httpVersion))
        }
    }

    private static func milliseconds(_ duration: Duration) -> Observed {
        .value(.number(JSONNumber(milliseconds: duration)))
    }

    private mutating func parsed() -> Result<JSONDocument, JSONSyntaxError> {
        if let document { return document }
        let result: Result<JSONDocument, JSONSyntaxError>
        do throws(JSONSyntaxError) { result = .success(try JSONDocument(parsing: response.body)) } catch {
            result = .failure(error)
        }
        document = result
        return result
    }

    private func notJSON(_ error: JSONSyntaxError) -> String {
        guard !response.body.isEmpty else { return "the body is empty, so it is not JSON" }
        return "the body is not JSON: \(error.message), at byte \(error.range.lowerBound)"
    }
}

extension JSONDocument {
    /// The result of a path: the value for a path that can match at most one, otherwise the array of all matches.
    func observe(_ path: JSONPath) -> Observed {
        path.isSingular ? first(path) : .values(path.nodes(in: root).map(\.value))
    }

    /// The first value that a path matches.
    func first(_ path: JSONPath) -> Observed { path.first(in: root).map(Observed.node) ?? .missing }
}

/// What a query found.
package enum Observed: Sendable {
    /// No value: no such header, no such member.
    case missing
    case value(JSON)
    /// A value within a body, not copied.
    case node(JSONNode)
    /// All matches of a path that can match several values, possibly none. Compared as one array.
    case values([JSON])
    /// The query could not be evaluated, with the reason.
    case unreadable(String)

    package var value: JSON? {
        switch self {
        case .missing, .unreadable: nil
        case .value(let value): value
        case .node(let node): node.value
        case .values(let values): .array(values)
        }
    }

    /// Whether anything was found, for `exists` and captures.
    var isPresent: Bool {
        switch self {
        case .missing, .unreadable: false
        case .value, .node: true
        case .values(let values): !values.isEmpty
        }
    }
}
