extension OpenAPI {
    static let securitySchemes: JSONValue = [
        "password": ["type": "oauth2", "flows": ["password": ["tokenUrl": "/login", "scopes": [:]]]]
    ]

    static let schemas: JSONValue = [
        "Credentials": [
            "type": "object", "required": ["username", "password"],
            "properties": [
                "username": ["type": "string", "minLength": 1],
                "password": ["type": "string", "minLength": 1, "format": "password"],
                "grant_type": ["type": "string", "const": "password"], "scope": ["type": "string"],
            ],
        ],
        "Token": [
            "type": "object", "required": ["access_token", "token_type", "expires_in"],
            "properties": [
                "access_token": ["type": "string"], "token_type": ["const": "bearer"],
                "expires_in": ["type": "integer", "description": "Seconds"],
            ],
        ],
        "Registration": [
            "type": "object", "required": ["username", "password"],
            "properties": ["username": Registration.username.schema, "password": Registration.password.schema],
        ],
        "Username": [
            "type": "object", "required": ["username"], "properties": ["username": Registration.username.schema],
        ],
        "NewTodo": [
            "type": "object", "required": ["title"],
            "properties": ["title": TodoInput.title.schema, "completed": ["type": "boolean", "default": false]],
        ],
        "TodoChange": [
            "type": "object",
            "properties": ["title": TodoInput.title.schema, "completed": ["type": "boolean"]],
        ],
        "Todo": [
            "type": "object", "required": ["id", "title", "completed"],
            "properties": [
                "id": ["type": "integer"], "title": TodoInput.title.schema, "completed": ["type": "boolean"],
            ],
        ],
        "TodoList": [
            "type": "object", "required": ["source", "todos"],
            "properties": [
                "source": ["enum": ["cache", "db"]],
                "todos": ["type": "array", "items": ["$ref": "#/components/schemas/Todo"]],
            ],
        ],
        "State": ["type": "object", "required": ["status"], "properties": ["status": ["type": "string"]]],
        "Metrics": ["type": "string", "description": "Metrics in the Prometheus text format, version 0.0.4"],
        "Problem": ["type": "object", "required": ["detail"], "properties": ["detail": ["type": "string"]]],
        "Issues": [
            "type": "object", "required": ["detail"],
            "properties": ["detail": ["type": "array", "items": ["$ref": "#/components/schemas/Issue"]]],
        ],
        "Issue": [
            "type": "object", "required": ["type", "loc", "msg", "input"],
            "properties": [
                "type": ["type": "string"], "msg": ["type": "string"], "input": true,
                "loc": ["type": "array", "items": ["type": ["string", "integer"]]],
            ],
        ],
    ]
}
