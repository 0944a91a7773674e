import JSONDocuments
import Scenario

/// The request that a pinned scenario sends: a step's of a scenario, or one to a URL.
package enum PinnedRequest: Sendable {
    case step(String, SourceFile)
    case request(Request)

    /// The members of the scenario that the request needs, such as variables and setup.
    func members() -> JSONObject {
        guard case .step(_, let file) = self, let document = Self.document(file) else {
            guard !variables.isEmpty else { return JSONObject() }
            return JSONObject([("variables", .object(variables))])
        }
        var members = JSONObject()
        for (key, value) in document.root.members {
            guard case .string(let name) = key.value, !Self.replaced.contains(name) else { continue }
            members[name] = value.value
        }
        return members
    }

    /// The member "request" of the pinned steps; nil if the file has no such step.
    func request() -> JSON? {
        switch self {
        case .step(let id, let file):
            return Self.document(file)?.root["steps"]?.elements
                .first { $0["id"]?.value == .string(id) }?["request"]?.value
        case .request(let request):
            let headers = request.headers.map { header -> (String, JSON) in
                (header.name, .string(header.carriesCredential ? "{{\(Self.variable(header))}}" : header.value))
            }
            var members = JSONObject([("method", .string(request.method)), ("url", .string(request.target))])
            if !headers.isEmpty { members["headers"] = .object(JSONObject(headers)) }
            return .object(members)
        }
    }

    /// Members that the pinned scenario has of its own, or does not need.
    private static let replaced: Set<String> = ["name", "description", "tags", "steps", "load", "audit"]

    private static func document(_ file: SourceFile) -> JSONDocument? {
        try? JSONDocument(parsing: file.bytes, options: .scenario)
    }

    /// A summary as a comment, with a sentence on each line.
    static func comment(_ summary: String) -> String {
        "// What gauntlet probe found:\n"
            + summary.replacing(". ", with: ".\n").split(separator: "\n").map { "// \($0)\n" }.joined()
    }

    // MARK: Credentials

    /// Credentials are not written to the file. They come from the environment.
    private var variables: JSONObject {
        guard case .request(let request) = self else { return JSONObject() }
        let secrets = request.headers.filter(\.carriesCredential).map { header -> (String, JSON) in
            let name = Self.variable(header)
            return (name, ["env": .string(name.uppercased()), "secret": true])
        }
        return JSONObject(secrets)
    }

    /// `X-API-Key` as `x_api_key`.
    private static func variable(_ header: Header) -> String {
        String(header.name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
