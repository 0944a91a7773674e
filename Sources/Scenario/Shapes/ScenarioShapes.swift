/// The format, as tables. What a key means is said here and nowhere else.
package enum ScenarioShapes {
    package static let scenario: ObjectShape = .init(
        "scenario", "What a client does and what must come back.",
        [
            KeyShape("$schema", .string, "Address of the format's JSON Schema, for editors."),
            KeyShape("name", .string, "What the scenario shows, in a few words.", required: true),
            KeyShape("description", .string, "More about it."),
            KeyShape("tags", .list(.string), "Words to choose scenarios by: `--tag core`."),
            KeyShape(
                "variables", .map(keys: "variable", .oneOf([.object { variable }, .value])),
                "Values by name, used as `{{name}}`; evaluated once, when the scenario starts. An object declares a variable; "
                    + "one that is the value stands below `value`."),
            KeyShape(
                "environments",
                .map(keys: "environment", .map(keys: "variable", .oneOf([.object { variable }, .value]))),
                "Values that go before those of `variables` where `--env` names their block."),
            KeyShape("data", .object { data }, "Rows of values; each row's columns are variables."),
            KeyShape("client", .object { client }, "From where and how requests are sent."),
            KeyShape(
                "requires", .list(.string),
                "Variables that must be given from outside, as by `--variable`. Without them the scenario is skipped, and listed so."
            ),
            KeyShape("skip", .string, "Why the scenario is not run; it is listed as skipped."),
            KeyShape(
                "exclusive", .boolean,
                "Run while no other scenario does, because it would see what others do to the server."),
            KeyShape("setup", steps, "Steps before the rest; in load they run once, before measuring."),
            KeyShape("steps", .list(.object { step }, minimum: 1), "The steps, in order.", required: true),
            KeyShape("teardown", steps, "Steps that run at the end, whatever happened before."),
            KeyShape("load", .object { load }, "How `gauntlet load` runs the steps."),
        ])

    private static let steps = Shape.list(.object { step })

    static let variable: ObjectShape = .init(
        "variable", "A value that may come from outside, or must not be shown.",
        [
            KeyShape("value", .value, "The value."),
            KeyShape("env", .string, "Name of the environment variable that holds it."),
            KeyShape("default", .value, "The value where that environment variable is not set."),
            KeyShape("secret", .boolean, "Masked in every output."),
        ],
        alternatives: [.exactlyOne("value", "env"), .atMostOne("value", "default")])

    static let data: ObjectShape = .init(
        "data block", "Rows of values; each row's columns are variables.",
        [
            KeyShape("rows", .list(.map(keys: "variable", .value), minimum: 1), "The rows themselves."),
            KeyShape("file", .string, "A CSV file with a header line, or a JSON array of objects."),
            KeyShape(
                "order", .keyword(["every", "sequential", "random"]),
                "`every` (the default) runs the scenario once for each row, which a column `label` gives a name; `sequential` "
                    + "and `random` take one row a run."
            ),
        ],
        alternatives: [.exactlyOne("rows", "file")])

    static let client: ObjectShape = .init(
        "client", "From where and how requests are sent.",
        [
            KeyShape(
                "address", .string,
                "`own` (an address in 127.0.0.0/8 for this scenario alone, where the server is on IPv4 loopback; "
                    + "the default but under load, where it gives each virtual user one), `each` (the same for every request, and every connection of a burst: no limit per address is met), `shared` (the system's choice), or an address of this machine such as `127.0.0.9` or `::1`."
            ),
            KeyShape("proxy", .string, "An HTTP or SOCKS proxy's URL."),
            KeyShape("unixSocket", .string, "A unix socket's path, to connect to instead of the URL's host."),
            KeyShape(
                "resolve", .map(keys: "host:port", .string),
                "IP addresses to use for hosts: `{\"example.org:443\": \"127.0.0.1\"}`."),
            KeyShape(
                "httpVersion", .keyword(["1.1", "2"]),
                "`1.1`, or `2` (over plain TCP: with prior knowledge); else as TLS agrees."),
            KeyShape("tls", .object { tls }, "How servers are verified, and who the client is."),
        ])

    static let tls: ObjectShape = .init(
        "TLS block", "How servers are verified, and who the client is.",
        [
            KeyShape("caFile", .string, "A PEM file of authorities to trust instead of the system's."),
            KeyShape("certificate", .string, "The client's certificate, a PEM file."),
            KeyShape("key", .string, "The certificate's private key, a PEM file."),
            KeyShape("insecure", .boolean, "Accept any certificate."),
        ])

    static let step: ObjectShape = .init(
        "step", "One thing to do, and what must come of it.",
        [
            KeyShape("id", .string, "Its name, unique in the file.", required: true),
            KeyShape("request", .object { request }, "A request to send."),
            KeyShape("sleep", .duration, "A pause; in load, think time."),
            KeyShape(
                "parallel", .list(.object { step }, minimum: 1),
                "Steps that run at once, each on a connection of its own. When one fails, the others wait for nothing any more: "
                    + "polls and pauses end, and are listed as skipped."),
            KeyShape("call", .object { call }, "The steps of another file."),
            KeyShape("repeat", .integer(1...10_000_000), "Send the request so many times, one after another."),
            KeyShape("burst", .object { burst }, "Send the request many times at once."),
            KeyShape("poll", .object { poll }, "Send the request until a response shows what is waited for."),
            KeyShape(
                "retry", .integer(0...100),
                "How often to send again after a transport error, such as a refused connection. An answer is never retried."
            ),
            KeyShape(
                "within", .map(keys: "step", .duration),
                "How long ago this step or an earlier one may have begun for a failure to count. Past that, the scenario was "
                    + "too slow to tell: it is skipped, and listed so."),
            KeyShape(
                "expect", .object { expectation },
                "What every response must show; of a poll, also those before the last."),
            KeyShape("expectAll", .object { groupExpectation }, "What all responses of the step must show together."),
            KeyShape(
                "capture", .map(keys: "variable", .object { capture }),
                "Values taken from the (last) response, for later steps."),
        ],
        alternatives: [.exactlyOne("request", "sleep", "parallel", "call"), .atMostOne("repeat", "burst", "poll")])

    static let call: ObjectShape = .init(
        "call", "The steps of another file, run where the call stands.",
        [
            KeyShape("file", .string, "The file's path, relative to this one.", required: true),
            KeyShape(
                "parameters", .map(keys: "variable", .value),
                "Values for the file's variables, and for what it requires. Neither `--variable` nor `--env` reaches them."
            ),
            KeyShape("outputs", .list(.string), "Variables of the file that are taken over when it is done."),
            KeyShape(
                "once", .boolean,
                "Run the steps once in a whole run: whoever else calls the file with the same parameters waits for them, and "
                    + "takes over the same outputs."),
        ])

    static let poll: ObjectShape = .init(
        "poll", "Waiting for a condition by asking again; not a retry, which is for transport errors.",
        [
            KeyShape("until", .object { expectation }, "What ends the waiting.", required: true),
            KeyShape("interval", .duration, "From one request to the next; 100 ms by default."),
            KeyShape("timeout", .duration, "How long to wait at most: no request is begun after it; 10 s by default."),
        ])

    static let burst: ObjectShape = .init(
        "burst",
        "Requests released together from a barrier, once every connection is open and every TLS handshake done.",
        [
            KeyShape("count", .integer(1...100_000), "How many requests.", required: true),
            KeyShape(
                "concurrency", .integer(1...10_000), "How many of them in flight at once; all of them by default."),
        ])

    static let request: ObjectShape = .init(
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
            KeyShape(
                "file", .template, "A body from a file, sent byte for byte; the path is relative to the scenario."),
            KeyShape(
                "multipart", .map(keys: "part", .oneOf([.object { part }, .value])), "A body of parts (RFC 7578)."),
            KeyShape(
                "cookies", .map(keys: "cookie", .template), "Cookies to send beside those that the server has set."),
            KeyShape("followRedirects", .integer(0...50), "How many redirects to follow; none by default."),
            KeyShape("compressed", .boolean, "Accept a compressed body; it is examined decompressed."),
            KeyShape("timeout", .duration, "How long the whole exchange may take; 30 s by default."),
            KeyShape("maxBody", .integer(0...1_073_741_824), "The longest body to take, in bytes; 16 MiB by default."),
        ],
        alternatives: [
            .atMostOne("form", "json", "text", "file", "multipart"), .atMostOne("bearer", "basic"),
        ])

    static let part: ObjectShape = .init(
        "part", "A part of a multipart body.",
        [
            KeyShape("text", .template, "Its content."),
            KeyShape("file", .template, "A file with its content; the path is relative to the scenario."),
            KeyShape("filename", .template, "The name to give it; for a file, its own by default."),
            KeyShape("contentType", .template, "Its type; for a file, `application/octet-stream` by default."),
        ],
        alternatives: [.exactlyOne("text", "file")])

    static let basic: ObjectShape = .init(
        "basic", "Credentials of RFC 7617.",
        [
            KeyShape("username", .template, "The user's name.", required: true),
            KeyShape("password", .template, "The password.", required: true),
        ])

    static let expectation: ObjectShape = .init(
        "expectation", "What a response must show.",
        [
            KeyShape("status", .matcher, "Of the status code."),
            KeyShape("headers", .map(keys: "header", .matcher), "Of header fields, by name."),
            KeyShape("json", .map(keys: "JSONPath", .matcher), "Of values in a JSON body, by RFC 9535 JSONPath."),
            KeyShape("body", .matcher, "Of the body as text."),
            KeyShape("bytes", .matcher, "Of the body's length in bytes."),
            KeyShape("time", .matcher, "Of the time of the whole exchange, in milliseconds where no unit is given."),
            KeyShape("phases", .object { phases }, "Of the time from the start to the end of a phase."),
            KeyShape(
                "since", .map(keys: "step", .matcher),
                "Of the time from the start of this step or an earlier one to the end of the exchange."),
            KeyShape("cookies", .map(keys: "cookie", .matcher), "Of cookies that the response sets."),
            KeyShape("httpVersion", .matcher, "Of the version: `1.1`, `2`."),
        ])

    static let phases: ObjectShape = .init(
        "phases block", "The time from the start of an exchange to the end of each phase.",
        [
            KeyShape("nameLookup", .matcher, "Until the host's address was known."),
            KeyShape("connect", .matcher, "Until the connection was open."),
            KeyShape("tls", .matcher, "Until the TLS handshake was done."),
            KeyShape("firstByte", .matcher, "Until the first byte of the response."),
        ])

    static let groupExpectation: ObjectShape = .init(
        "group expectation", "What all responses of a step must show together.",
        [
            KeyShape("status", group, "Of the status codes."),
            KeyShape("headers", .map(keys: "header", group), "Of a header field's values."),
            KeyShape("json", .map(keys: "JSONPath", group), "Of the values at a JSONPath."),
            KeyShape("body", group, "Of the bodies as text."),
            KeyShape("bytes", group, "Of the bodies' lengths."),
            KeyShape("time", group, "Of the times, in milliseconds where no unit is given."),
            KeyShape(
                "since", .map(keys: "step", group),
                "Of the times from the start of this step or an earlier one to the end of each exchange."),
        ])

    private static let group = Shape.object { groupMatcher }

    static let groupMatcher: ObjectShape = .init(
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
            KeyShape(
                "percentile", .map(keys: "percentage", .matcher),
                "Of percentiles of the numbers, by nearest rank: `{\"99\": {\"lt\": \"5ms\"}}`."),
            KeyShape(
                "restToFirst", .matcher,
                "Of the median of all but the first, divided by the first: below 1, later responses were faster. Fails where the "
                    + "first is not above zero."),
            KeyShape(
                "evenToOdd", .matcher,
                "Of the median of the second, fourth and so on, divided by that of the others: two kinds of requests, sent in "
                    + "turn, compared. Fails where the others' is not above zero."),
        ])

    static let capture: ObjectShape = .init(
        "capture", "A value taken from a response.",
        [
            KeyShape(
                "json", .jsonPath,
                "The value at a JSONPath. Of a path that can match several, the array of all that it matches, which must not "
                    + "be empty."),
            KeyShape("header", .string, "A header field's value."),
            KeyShape("cookie", .string, "The value of a cookie that the response sets."),
            KeyShape("status", .boolean, "The status code."),
            KeyShape("body", .boolean, "The body as text."),
            KeyShape(
                "match", .string, "A regular expression: its first group, or all that it matches, is what is taken."),
            KeyShape("secret", .boolean, "Masked in every output."),
        ],
        alternatives: [.exactlyOne("json", "header", "cookie", "status", "body")])

    static let load: ObjectShape = .init(
        "load block", "How `gauntlet load` runs the steps.",
        [
            KeyShape(
                "model", .keyword(["closed", "open"]),
                "`closed`: each virtual user begins its next iteration when it is done with the last. `open`: iterations begin "
                    + "at a rate, whether or not the server keeps up; the model where `rate` or `stages` stands."),
            KeyShape(
                "virtualUsers", .integer(1...1_000_000),
                "How many virtual users: 32 by default, in the open model 100. There, an arrival that finds none free waits."
            ),
            KeyShape(
                "addresses", .integer(1...16_000_000),
                "How many addresses of 127.0.0.0/8 the users share in turn, on a loopback server; else `client.address` says."
            ),
            KeyShape(
                "rate", .rate, "Iterations that begin in a second, at the start; 0 by default where there are stages."),
            KeyShape(
                "stages", .list(.object { stage }, minimum: 1),
                "From one rate to the next in a straight line; the last one holds until the end."),
            KeyShape(
                "arrivals", .keyword(["constant", "poisson"]),
                "`constant` (the default): evenly spaced. `poisson`: independent of each other, as those of many clients are."
            ),
            KeyShape("seed", .integer(0...Int.max), "Of random arrivals, and of random rows of data; 1 by default."),
            KeyShape(
                "duration", .duration, "How long to measure; 10 s by default, or for as long as the stages take."),
            KeyShape("warmUp", .duration, "How long to run before measuring; what it shows is left out."),
            KeyShape("maxRequests", .integer(1...Int.max), "How many requests to measure at most."),
            KeyShape(
                "setup", .keyword(["once", "perUser"]),
                "`once` (the default): the setup runs once for all. `perUser`: each virtual user evaluates the variables and "
                    + "carries out setup and teardown for itself, from its own address."),
            KeyShape(
                "classes", .map(keys: "class", .object { expectation }),
                "Kinds of answers, each told by what it shows; counted and timed apart."),
            KeyShape(
                "thresholds", .map(keys: "metric", .matcher),
                "What must hold of the result: `{\"p99\": {\"lt\": \"5ms\"}, \"classes.hit.share\": {\"gte\": 0.95}}`."),
        ])

    static let stage: ObjectShape = .init(
        "stage", "A stretch of time in which the rate goes to another in a straight line.",
        [
            KeyShape("to", .rate, "The rate at its end.", required: true),
            KeyShape("over", .duration, "How long it takes; `0s` jumps there.", required: true),
        ])
}
