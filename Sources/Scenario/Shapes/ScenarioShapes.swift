/// The format, as tables. What a key means is said here and nowhere else.
package enum ScenarioShapes {
    package static let scenario = ObjectShape(
        "scenario", "What a client does and what must come back.",
        [
            KeyShape("$schema", .string, "Address of the format's JSON Schema, for editors."),
            KeyShape("name", .string, "What the scenario shows, in a few words.", required: true),
            KeyShape("description", .string, "More about it."),
            KeyShape("tags", .list(.string), "Words to choose scenarios by: `--tag core`."),
            KeyShape(
                "variables", .map(keys: "variable", .oneOf([.object { variable }, .value])),
                "Values by name, used as `{{name}}`; evaluated once, when the scenario starts."),
            KeyShape("client", .object { client }, "From where requests are sent."),
            KeyShape(
                "exclusive", .boolean,
                "Run while no other scenario does, because it would see what others do to the server."),
            KeyShape("setup", steps, "Steps before the rest; in load they run once, before measuring."),
            KeyShape("steps", .list(.object { step }, minimum: 1), "The steps, in order.", required: true),
            KeyShape("teardown", steps, "Steps that run at the end, whatever happened before."),
            KeyShape("load", .object { load }, "How `gauntlet load` runs the steps."),
        ])

    private static let steps = Shape.list(.object { step })

    static let variable = ObjectShape(
        "variable", "A value that may come from outside, or must not be shown.",
        [
            KeyShape("value", .value, "The value."),
            KeyShape("env", .string, "Name of the environment variable that holds it."),
            KeyShape("default", .value, "The value where that environment variable is not set."),
            KeyShape("secret", .boolean, "Masked in every output."),
        ],
        alternatives: [.exactlyOne("value", "env"), .atMostOne("value", "default")])

    static let client = ObjectShape(
        "client", "From where requests are sent.",
        [
            KeyShape(
                "address", .string,
                "`own` (an address in 127.0.0.0/8 for this scenario alone, where the server is on loopback; "
                    + "the default), `shared` (the system's choice), or an address such as `127.0.0.9`.")
        ])

    static let step = ObjectShape(
        "step", "One thing to do, and what must come of it.",
        [
            KeyShape("id", .string, "Its name, unique in the file.", required: true),
            KeyShape("request", .object { request }, "A request to send."),
            KeyShape("sleep", .duration, "A pause; in load, think time."),
            KeyShape("repeat", .integer(1...10_000_000), "Send the request so many times, one after another."),
            KeyShape("burst", .object { burst }, "Send the request many times at once."),
            KeyShape("expect", .object { expectation }, "What every response must show."),
            KeyShape("expectAll", .object { groupExpectation }, "What all responses of the step must show together."),
            KeyShape(
                "capture", .map(keys: "variable", .object { capture }),
                "Values taken from the (last) response, for later steps."),
        ],
        alternatives: [.exactlyOne("request", "sleep"), .atMostOne("repeat", "burst")])

    static let burst = ObjectShape(
        "burst", "Requests released together from a barrier, once every connection is open.",
        [
            KeyShape("count", .integer(1...100_000), "How many requests.", required: true),
            KeyShape(
                "concurrency", .integer(1...10_000), "How many of them in flight at once; all of them by default."),
        ])

    static let request = ObjectShape(
        "request", "An HTTP request.",
        [
            KeyShape("method", .template, "Its method; GET by default."),
            KeyShape("url", .template, "A path on the server under test, or a whole URL.", required: true),
            KeyShape("query", .map(keys: "parameter", .value), "Query parameters, encoded and added to the URL."),
            KeyShape("headers", .map(keys: "header", .template), "Header fields."),
            KeyShape("bearer", .template, "A token, sent as `Authorization: Bearer …`."),
            KeyShape("basic", .object { basic }, "Credentials, sent as `Authorization: Basic …`."),
            KeyShape("form", .map(keys: "field", .value), "A body of form fields, URL-encoded."),
            KeyShape("json", .value, "A JSON body."),
            KeyShape("text", .template, "A text body, sent as it stands."),
            KeyShape("timeout", .duration, "How long the whole exchange may take; 30 s by default."),
        ],
        alternatives: [.atMostOne("form", "json", "text"), .atMostOne("bearer", "basic")])

    static let basic = ObjectShape(
        "basic", "Credentials of RFC 7617.",
        [
            KeyShape("username", .template, "The user's name.", required: true),
            KeyShape("password", .template, "The password.", required: true),
        ])

    static let expectation = ObjectShape(
        "expectation", "What a response must show.",
        [
            KeyShape("status", .matcher, "Of the status code."),
            KeyShape("headers", .map(keys: "header", .matcher), "Of header fields, by name."),
            KeyShape("json", .map(keys: "JSONPath", .matcher), "Of values in a JSON body, by RFC 9535 JSONPath."),
            KeyShape("body", .matcher, "Of the body as text."),
            KeyShape("bytes", .matcher, "Of the body's length in bytes."),
            KeyShape("time", .matcher, "Of the time from sending to the last byte."),
            KeyShape("httpVersion", .matcher, "Of the version: `1.1`, `2`."),
        ])

    static let groupExpectation = ObjectShape(
        "group expectation", "What all responses of a step must show together.",
        [
            KeyShape("status", group, "Of the status codes."),
            KeyShape("headers", .map(keys: "header", group), "Of a header field's values."),
            KeyShape("json", .map(keys: "JSONPath", group), "Of the values at a JSONPath."),
            KeyShape("body", group, "Of the bodies as text."),
            KeyShape("bytes", group, "Of the bodies' lengths."),
            KeyShape("time", group, "Of the times, in milliseconds where no unit is given."),
        ])

    private static let group = Shape.object { groupMatcher }

    static let groupMatcher = ObjectShape(
        "group matcher", "A conjunction over the values of all responses, in the order in which they were sent.",
        [
            KeyShape(
                "counts", .map(keys: "value", .matcher),
                "How often each value came. A status may be a class such as `2xx`; `other` is whatever is not named, "
                    + "and must be none unless it is."),
            KeyShape("sequence", .list(.value), "The values, in order."),
            KeyShape("first", .matcher, "Of the first value."),
            KeyShape("last", .matcher, "Of the last value."),
            KeyShape("each", .matcher, "Of every value."),
            KeyShape("allEqual", .boolean, "Whether all values are equal."),
            KeyShape("distinct", .boolean, "Whether no value comes twice."),
            KeyShape("increasing", .boolean, "Whether each value is above the one before."),
        ])

    static let capture = ObjectShape(
        "capture", "A value taken from a response.",
        [
            KeyShape("json", .jsonPath, "The value at a JSONPath."),
            KeyShape("header", .string, "A header field's value."),
            KeyShape("status", .boolean, "The status code."),
            KeyShape("body", .boolean, "The body as text."),
            KeyShape("secret", .boolean, "Masked in every output."),
        ],
        alternatives: [.exactlyOne("json", "header", "status", "body")])

    static let load = ObjectShape(
        "load block", "How `gauntlet load` runs the steps.",
        [
            KeyShape("model", .keyword(["closed"]), "`closed`: each virtual user starts again when it is done."),
            KeyShape("virtualUsers", .integer(1...1_000_000), "How many virtual users."),
            KeyShape("duration", .duration, "How long to measure."),
            KeyShape("warmUp", .duration, "How long to run before measuring."),
            KeyShape(
                "classes", .map(keys: "class", .object { expectation }),
                "Kinds of answers, each told by what it shows; counted and timed apart."),
        ])
}
