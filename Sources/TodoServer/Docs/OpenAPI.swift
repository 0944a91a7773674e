import NIOHTTP1

/// The description of all documented routes, as OpenAPI 3.1.
struct OpenAPI {
    var routes: [Route]

    var document: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Todos", "version": "1.0.0",
                "description": "Todos of a user, with a cache and a rate limit that can be trusted.",
            ],
            "paths": paths,
            "components": ["schemas": Self.schemas, "securitySchemes": Self.securitySchemes],
        ]
    }

    private var paths: JSONValue {
        var paths = JSONObject()
        for path in routes.map(\.path) where paths[path] == nil {
            var item = JSONObject()
            for route in routes where route.path == path {
                guard let operation = route.operation else { continue }
                item.members.append(
                    .init(name: route.method.rawValue.lowercased(), value: Self.description(of: operation)))
            }
            if !item.members.isEmpty { paths.members.append(.init(name: path, value: .object(item))) }
        }
        return .object(paths)
    }

    private static func description(of operation: Operation) -> JSONValue {
        var members: [JSONObject.Member] = [.init(name: "summary", value: .string(operation.summary))]
        if operation.isAuthenticated { members.append(.init(name: "security", value: [["password": []]])) }
        switch operation.body {
        case .form(let schema):
            members.append(.init(name: "requestBody", value: body("application/x-www-form-urlencoded", schema)))
        case .json(let schema): members.append(.init(name: "requestBody", value: body("application/json", schema)))
        case nil: break
        }
        members.append(.init(name: "responses", value: responses(of: operation)))
        return .object(JSONObject(members: members))
    }

    private static func body(_ type: String, _ schema: String) -> JSONValue {
        [
            "required": true,
            "content": .object(JSONObject(members: [.init(name: type, value: ["schema": reference(schema)])])),
        ]
    }

    private static func responses(of operation: Operation) -> JSONValue {
        let failures = operation.failures.map { status in
            response(status, status == .unprocessableEntity ? "Issues" : "Problem", operation)
        }
        return .object(JSONObject(members: [response(operation.success, operation.answer, operation)] + failures))
    }

    private static func response(
        _ status: HTTPResponseStatus, _ schema: String, _ operation: Operation
    ) -> JSONObject.Member {
        var names: [String] = []
        if status == .created { names.append("Location") }
        if status == .unauthorized { names.append("WWW-Authenticate") }
        if status == .tooManyRequests || status == .serviceUnavailable { names.append("Retry-After") }
        if operation.isLimited, status != .unauthorized { names += ["RateLimit", "RateLimit-Policy"] }
        let headers = names.map { JSONObject.Member(name: $0, value: ["schema": ["type": "string"]]) }
        return .init(
            name: String(status.code),
            value: [
                "description": .string(status.reasonPhrase), "headers": .object(JSONObject(members: headers)),
                "content": ["application/json": ["schema": reference(schema)]],
            ])
    }

    private static func reference(_ schema: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(schema)")]
    }
}
