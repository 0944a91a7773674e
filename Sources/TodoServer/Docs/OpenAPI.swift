import NIOHTTP1
import Version

/// The OpenAPI 3.1 document for all documented routes.
struct OpenAPI {
    var routes: [Route]

    var document: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Todos", "version": .string(Release.version),
                "description": "Per-user todo lists with JWT login, a cache and a rate limit.",
            ],
            "paths": paths,
            "components": ["schemas": Self.schemas, "securitySchemes": Self.securitySchemes],
        ]
    }

    private var paths: JSONValue {
        var paths = JSONObject()
        for path in routes.map(\.path) where paths[path] == nil {
            var item = JSONObject()
            let parameter = Self.parameter(of: path)
            if let parameter { item.members.append(.init(name: "parameters", value: [parameter])) }
            for route in routes where route.path == path {
                guard let operation = route.operation else { continue }
                item.members.append(
                    .init(
                        name: route.method.rawValue.lowercased(),
                        value: Self.description(of: operation, hasParameter: parameter != nil)))
            }
            if item.members.contains(where: { $0.name != "parameters" }) {
                paths.members.append(.init(name: path, value: .object(item)))
            }
        }
        return .object(paths)
    }

    /// The path's variable segment, always a todo id.
    private static func parameter(of path: String) -> JSONValue? {
        guard let brace = path.firstIndex(of: "{") else { return nil }
        let name = path[path.index(after: brace)...].dropLast()
        return [
            "name": .string(String(name)), "in": "path", "required": true,
            "schema": ["type": "integer", "minimum": 1, "maximum": .number(String(Todo.ID.max))],
        ]
    }

    private static func description(of operation: Operation, hasParameter: Bool) -> JSONValue {
        var members: [JSONObject.Member] = [.init(name: "summary", value: .string(operation.summary))]
        if operation.isAuthenticated { members.append(.init(name: "security", value: [["password": []]])) }
        switch operation.body {
        case .form(let schema):
            members.append(.init(name: "requestBody", value: body("application/x-www-form-urlencoded", schema)))
        case .json(let schema): members.append(.init(name: "requestBody", value: body("application/json", schema)))
        case nil: break
        }
        members.append(.init(name: "responses", value: responses(of: operation, hasParameter: hasParameter)))
        return .object(JSONObject(members: members))
    }

    private static func body(_ type: String, _ schema: String) -> JSONValue {
        [
            "required": true,
            "content": .object(JSONObject(members: [.init(name: type, value: ["schema": reference(schema)])])),
        ]
    }

    private static func responses(of operation: Operation, hasParameter: Bool) -> JSONValue {
        let success = response(
            operation.success, operation.answer.map { [operation.mediaType: ["schema": reference($0)]] }, operation)
        let failures = operation.failures(hasParameter: hasParameter).map { status in
            let problem = reference(status == .unprocessableEntity ? "Issues" : "Problem")
            guard status == .serviceUnavailable, let answer = operation.unavailableAnswer else {
                return response(status, ["application/json": ["schema": problem]], operation)
            }
            return response(
                status, ["application/json": ["schema": ["anyOf": [reference(answer), problem]]]], operation)
        }
        return .object(JSONObject(members: [success] + failures))
    }

    private static func response(
        _ status: HTTPResponseStatus, _ content: [String: JSONValue]?, _ operation: Operation
    ) -> JSONObject.Member {
        var names = ["X-Request-Id"]
        if status == .created, operation.isAuthenticated { names.append("Location") }
        if status == .unauthorized { names.append("WWW-Authenticate") }
        if status == .tooManyRequests || status == .serviceUnavailable { names.append("Retry-After") }
        if operation.isLimited, status != .unauthorized { names += ["RateLimit", "RateLimit-Policy"] }
        if operation.isAuthenticated || status == operation.success { names.append("Cache-Control") }
        if operation.answer == "TodoList", status == .ok { names.append("Cache-Status") }
        let headers = names.map { JSONObject.Member(name: $0, value: ["schema": ["type": "string"]]) }
        var members: [JSONObject.Member] = [
            .init(name: "description", value: .string(status.reasonPhrase)),
            .init(name: "headers", value: .object(JSONObject(members: headers))),
        ]
        if let content {
            let types = content.map { JSONObject.Member(name: $0.key, value: $0.value) }
            members.append(.init(name: "content", value: .object(JSONObject(members: types))))
        }
        return .init(name: String(status.code), value: .object(JSONObject(members: members)))
    }

    private static func reference(_ schema: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(schema)")]
    }
}
