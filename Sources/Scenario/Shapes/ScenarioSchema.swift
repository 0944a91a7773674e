/// The format's JSON Schema (draft 2020-12), generated from the tables that the reader uses.
package enum ScenarioSchema {
    package static func render() -> JSON {
        var builder = Builder()
        let root = builder.reference(to: ScenarioShapes.scenario)
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Gauntlet scenario",
            "description": "The reader also accepts comments and trailing commas.",
        ]
        schema["$ref"] = root
        schema["$defs"] = .object(builder.definitions)
        return .object(schema)
    }

    private struct Builder {
        var definitions: JSONObject = [:]

        /// A reference to an object of the format. Its definition is added on first use.
        mutating func reference(to object: ObjectShape) -> JSON {
            let name = object.name.split(separator: " ").joined(separator: "-")
            if definitions[name] == nil {
                definitions[name] = true  // Marks it as seen: objects may contain themselves.
                definitions[name] = definition(of: object)
            }
            return .string("#/$defs/\(name)")
        }

        private mutating func definition(of object: ObjectShape) -> JSON {
            var properties: JSONObject = [:]
            for key in object.keys {
                var property = schema(of: key.shape)
                property["description"] = .string(key.summary)
                properties[key.name] = .object(property)
            }
            var result: JSONObject = ["type": "object", "description": .string(object.summary)]
            result["properties"] = .object(properties)
            result["additionalProperties"] = false
            let required = object.keys.filter(\.isRequired).map { JSON.string($0.name) }
            if !required.isEmpty { result["required"] = .array(required) }
            let groups = object.alternatives.map { alternatives -> JSON in
                var choices = alternatives.keys.map { JSON.object(["required": [.string($0)]]) }
                if !alternatives.isRequired {
                    choices.append(["not": ["anyOf": .array(choices)]])
                }
                return ["oneOf": .array(choices)]
            }
            if !groups.isEmpty { result["allOf"] = .array(groups) }
            return .object(result)
        }

        private mutating func schema(of shape: Shape) -> JSONObject {
            switch shape {
            case .string, .template, .jsonPath: return ["type": "string"]
            case .keyword(let words): return ["enum": .array(words.map(JSON.string))]
            case .boolean: return ["type": "boolean"]
            case .integer(let range):
                var result: JSONObject = ["type": "integer", "minimum": .number(JSONNumber(range.lowerBound))]
                if range.upperBound < .max { result["maximum"] = .number(JSONNumber(range.upperBound)) }
                return result
            case .number: return ["type": "number"]
            case .duration:
                return ["type": "string", "pattern": #"^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$"#]
            case .rate: return ["type": "string", "pattern": #"^[0-9]+(\.[0-9]+)?/(s|min|m|h)$"#]
            case .value: return [:]
            case .list(let element, let minimum):
                var result: JSONObject = ["type": "array", "items": .object(schema(of: element))]
                if minimum > 0 { result["minItems"] = .number(JSONNumber(minimum)) }
                return result
            case .map(_, let value):
                return ["type": "object", "additionalProperties": .object(schema(of: value))]
            case .object(let object): return ["$ref": reference(to: object())]
            case .oneOf(let shapes): return ["anyOf": .array(shapes.map { .object(schema(of: $0)) })]
            case .matcher: return ["$ref": matcher()]
            }
        }

        /// A bare value means equality; an object lists operators, all of which must hold.
        private mutating func matcher() -> JSON {
            let name = "matcher"
            if definitions[name] == nil {
                definitions[name] = true
                var properties: JSONObject = [:]
                for `operator` in MatcherOperator.allCases {
                    var property = schema(of: `operator`.operand)
                    property["description"] = .string(`operator`.summary)
                    properties[`operator`.rawValue] = .object(property)
                }
                let operators: JSON = [
                    "type": "object", "properties": .object(properties), "additionalProperties": false,
                    "minProperties": 1,
                ]
                definitions[name] = [
                    "description":
                        "A bare value means strict equality; an object lists operators, all of which must hold.",
                    "anyOf": [operators, ["not": ["type": "object"]]],
                ]
            }
            return .string("#/$defs/\(name)")
        }

        private mutating func schema(of operand: MatcherOperator.Operand) -> JSONObject {
            switch operand {
            case .value: return [:]
            case .ordered: return ["type": ["number", "string"]]
            case .text, .regularExpression: return ["type": "string"]
            case .values: return ["type": "array"]
            case .flag: return ["type": "boolean"]
            case .typeName: return ["enum": .array(MatcherOperator.typeNames.map(JSON.string))]
            case .length: return ["type": "integer", "minimum": 0]
            case .lengthOrMatcher: return ["anyOf": [["type": "integer", "minimum": 0], ["$ref": matcher()]]]
            case .matcher: return ["$ref": matcher()]
            case .token:
                let part: JSON = ["type": "object", "additionalProperties": ["$ref": matcher()]]
                let token: JSON = [
                    "type": "object", "properties": ["header": part, "claims": part], "additionalProperties": false,
                ]
                return ["anyOf": [["const": true], token]]
            }
        }
    }
}
