/// The scenario format, as tables. The only place that says what a key means.
package enum ScenarioShapes {
    package static let scenario: ObjectShape = .init(
        "scenario", "The requests that a client sends and the responses that it must get.",
        [
            KeyShape("$schema", .string, "URL of the format's JSON Schema, for editors."),
            KeyShape("name", .string, "What the scenario shows, in a few words.", required: true),
            KeyShape("description", .string, "A longer description."),
            KeyShape("tags", .list(.string), "Tags for selecting scenarios: `--tag core`."),
            KeyShape(
                "variables", .map(keys: "variable", .oneOf([.object { variable }, .value])),
                "Values by name, used as `{{name}}` and evaluated once, when the scenario starts. An object "
                    + "declares a variable; to use an object as a value, put it under `value`."),
            KeyShape(
                "environments",
                .map(keys: "environment", .map(keys: "variable", .oneOf([.object { variable }, .value]))),
                "Blocks of values by environment name. The block that `--env` names overrides `variables`."),
            KeyShape("data", .object { data }, "Rows of values; each column of a row is a variable."),
            KeyShape("client", .object { client }, "Where requests are sent from, and how."),
            KeyShape(
                "requires", .list(.string),
                "Variables that must be set from outside, for example with `--variable`. If one is missing, the "
                    + "scenario is reported as skipped."
            ),
            KeyShape("skip", .string, "Why the scenario is not run. It is reported as skipped."),
            KeyShape(
                "exclusive", .boolean,
                "Run while no other scenario does, because this one notices what others do to the server."),
            KeyShape(
                "setup", steps,
                "Steps that run first. Under load they run once, before measuring, unless `load.setup` is `perUser`."),
            KeyShape("steps", .list(.object { step }, minimum: 1), "The steps, in order.", required: true),
            KeyShape("teardown", steps, "Steps that run last, even after a failure."),
            KeyShape("load", .object { load }, "How `gauntlet load` runs the steps."),
            KeyShape("audit", .object { audit }, "What the server promises about all requests of a run together."),
        ])

    private static let steps = Shape.list(.object { step })

    static let variable: ObjectShape = .init(
        "variable", "A value that may come from outside or must not be shown.",
        [
            KeyShape("value", .value, "The value."),
            KeyShape("env", .string, "The environment variable that holds the value."),
            KeyShape("default", .value, "The value to use if that environment variable is not set."),
            KeyShape("secret", .boolean, "Mask the value in all output."),
        ],
        alternatives: [.exactlyOne("value", "env"), .atMostOne("value", "default")])

    static let data: ObjectShape = .init(
        "data block", "Rows of values; each column of a row is a variable.",
        [
            KeyShape("rows", .list(.map(keys: "variable", .value), minimum: 1), "The rows."),
            KeyShape("file", .string, "A CSV file with a header line, or a JSON array of objects."),
            KeyShape(
                "order", .keyword(["every", "sequential", "random"]),
                "`every` (default): run the scenario once for each row; a `label` column names the runs. "
                    + "`sequential` and `random`: each run takes one row, and under load each virtual user."
            ),
            KeyShape(
                "pick", .string,
                "Like the order `random`, but some rows are more popular: `zipf(1.1)` takes the k-th row in proportion to "
                    + "1/k^1.1. `uniform` takes all alike."),
        ],
        alternatives: [.exactlyOne("rows", "file"), .atMostOne("order", "pick")])

    static let client: ObjectShape = .init(
        "client", "Where requests are sent from, and how.",
        [
            KeyShape(
                "address", .string,
                "The source address. `own`: an address in 127.0.0.0/8 for this scenario alone, if the server is "
                    + "on IPv4 loopback; the default except under load, where it gives each virtual user its own. "
                    + "`each`: such an address for every request and every connection of a burst, so that no "
                    + "per-address limit applies. `shared`: the system's choice. Otherwise an address of this "
                    + "machine, such as `127.0.0.9` or `::1`."
            ),
            KeyShape("proxy", .string, "URL of an HTTP or SOCKS proxy. Under load, only setup and teardown use it."),
            KeyShape("unixSocket", .string, "Path of a unix socket to connect to instead of the URL's host."),
            KeyShape(
                "resolve", .map(keys: "host:port", .string),
                "IP addresses to use for hosts: `{\"example.org:443\": \"127.0.0.1\"}`."),
            KeyShape(
                "httpVersion", .keyword(["1.1", "2"]),
                "`1.1`, or `2` (over plain TCP, with prior knowledge). By default, TLS negotiation decides."),
            KeyShape("tls", .object { tls }, "How servers are verified, and how the client identifies itself."),
        ])

    static let tls: ObjectShape = .init(
        "TLS block", "How servers are verified, and how the client identifies itself.",
        [
            KeyShape("caFile", .string, "A PEM file of certificate authorities to trust instead of the system's."),
            KeyShape("certificate", .string, "The client's certificate, a PEM file."),
            KeyShape("key", .string, "The certificate's private key, a PEM file."),
            KeyShape("insecure", .boolean, "Accept any server certificate."),
        ])

    static let step: ObjectShape = .init(
        "step", "One action, and what must hold afterwards.",
        [
            KeyShape("id", .string, "Its name, unique in the file.", required: true),
            KeyShape("request", .object { request }, "A request to send."),
            KeyShape("sleep", .duration, "A pause; under load, think time."),
            KeyShape(
                "parallel", .list(.object { step }, minimum: 1),
                "Steps that run at the same time, each on its own connection. When one fails, polls and pauses in "
                    + "the others end and are reported as skipped."),
            KeyShape(
                "steps", .list(.object { step }, minimum: 1),
                "A group of steps that run one after another: to repeat them, or as one branch of `parallel`."),
            KeyShape("call", .object { call }, "The steps of another file."),
            KeyShape(
                "repeat", .integer(1...10_000_000),
                "How many times to send the request, or to run the call, the group or the parallel steps (at most "
                    + "10000), one after another. The first failure ends the repetition."),
            KeyShape("burst", .object { burst }, "Send the request many times at the same time."),
            KeyShape("poll", .object { poll }, "Send the request until a response meets a condition."),
            KeyShape(
                "retry", .integer(0...100),
                "How many times to retry after a transport error, such as a refused connection. A response is "
                    + "never retried."
            ),
            KeyShape(
                "within", .map(keys: "step", .duration),
                "Time limits, by step (this one or an earlier one). A failure counts only within this time of the "
                    + "step's start. After that, the scenario was too slow to prove anything and is reported as skipped."
            ),
            KeyShape(
                "expect", .object { expectation },
                "What every response must show; in a poll, also the responses before the last."),
            KeyShape("expectAll", .object { groupExpectation }, "What all responses of the step must show together."),
            KeyShape(
                "capture", .map(keys: "variable", .object { capture }),
                "Values to take from the (last) response, for later steps."),
        ],
        alternatives: [
            .exactlyOne("request", "sleep", "parallel", "steps", "call"), .atMostOne("repeat", "burst", "poll"),
        ])

    static let call: ObjectShape = .init(
        "call", "The steps of another file, run at this point.",
        [
            KeyShape("file", .string, "The file's path, relative to this one.", required: true),
            KeyShape(
                "parameters", .map(keys: "variable", .value),
                "Values for the variables that the file declares or requires. `--variable` and `--env` do not "
                    + "reach the file."
            ),
            KeyShape("outputs", .list(.string), "Variables to copy from the file when it is done."),
            KeyShape(
                "once", .boolean,
                "Run the steps only once in a whole run. Other calls of the file with the same parameters wait "
                    + "for that run and copy the same outputs."),
        ])

    static let poll: ObjectShape = .init(
        "poll", "Sends the request again until a condition holds. Not a retry, which is for transport errors.",
        [
            KeyShape("until", .object { expectation }, "The condition that ends the poll.", required: true),
            KeyShape(
                "interval", .duration, "Time from the start of one request to the start of the next; 100 ms by default."
            ),
            KeyShape("timeout", .duration, "How long to poll. No request starts after it; 10 s by default."),
        ])

    static let burst: ObjectShape = .init(
        "burst",
        "Requests released together, after every connection is open and every TLS handshake is done.",
        [
            KeyShape("count", .integer(1...100_000), "The number of requests.", required: true),
            KeyShape(
                "concurrency", .integer(1...10_000),
                "How many of them may be in flight at the same time; all by default."),
        ])

    static let request: ObjectShape = .init(
        "request", "An HTTP request.",
        [
            KeyShape("method", .template, "The method; GET by default."),
            KeyShape("url", .template, "A path on the server under test, or a full URL.", required: true),
            KeyShape("query", .map(keys: "parameter", .value), "Query parameters, encoded and added to the URL."),
            KeyShape("headers", .map(keys: "header", .template), "Header fields."),
            KeyShape("bearer", .template, "A token, sent as `Authorization: Bearer …`."),
            KeyShape("basic", .object { basic }, "Credentials, sent as `Authorization: Basic …`."),
            KeyShape("form", .map(keys: "field", .value), "A body of URL-encoded form fields."),
            KeyShape("json", .value, "A JSON body."),
            KeyShape("text", .template, "A text body, sent as is."),
            KeyShape(
                "file", .template, "A file to send as the body, byte for byte; the path is relative to the scenario."),
            KeyShape(
                "multipart", .map(keys: "part", .oneOf([.object { part }, .value])), "A multipart body (RFC 7578)."),
            KeyShape(
                "cookies", .map(keys: "cookie", .template),
                "Cookies to send in addition to those that the server has set."),
            KeyShape("followRedirects", .integer(0...50), "Maximum number of redirects to follow; none by default."),
            KeyShape("compressed", .boolean, "Accept a compressed body. Assertions see it decompressed."),
            KeyShape("timeout", .duration, "Time limit for the whole exchange; 30 s by default."),
            KeyShape(
                "maxBody", .integer(0...1_073_741_824), "Maximum size of a response body, in bytes; 16 MiB by default."),
        ],
        alternatives: [
            .atMostOne("form", "json", "text", "file", "multipart"), .atMostOne("bearer", "basic"),
        ])

    static let part: ObjectShape = .init(
        "part", "A part of a multipart body.",
        [
            KeyShape("text", .template, "The content."),
            KeyShape("file", .template, "A file with the content; the path is relative to the scenario."),
            KeyShape("filename", .template, "The file name to send; for a file, its own by default."),
            KeyShape("contentType", .template, "The content type; for a file, `application/octet-stream` by default."),
        ],
        alternatives: [.exactlyOne("text", "file")])

    static let basic: ObjectShape = .init(
        "basic", "Credentials for Basic authentication (RFC 7617).",
        [
            KeyShape("username", .template, "The user name.", required: true),
            KeyShape("password", .template, "The password.", required: true),
        ])

    static let expectation: ObjectShape = .init(
        "expectation", "What a response must show.",
        [
            KeyShape("status", .matcher, "The status code."),
            KeyShape("headers", .map(keys: "header", .matcher), "Header fields, by name."),
            KeyShape("json", .map(keys: "JSONPath", .matcher), "Values in a JSON body, by JSONPath (RFC 9535)."),
            KeyShape("body", .matcher, "The body as text."),
            KeyShape("bytes", .matcher, "The length of the body in bytes."),
            KeyShape("time", .matcher, "The time of the whole exchange; a bare number is in milliseconds."),
            KeyShape("phases", .object { phases }, "The time from the start of the exchange to the end of each phase."),
            KeyShape(
                "since", .map(keys: "step", .matcher),
                "The time from the start of this step or an earlier one to the end of the exchange."),
            KeyShape("cookies", .map(keys: "cookie", .matcher), "Cookies that the response sets."),
            KeyShape("httpVersion", .matcher, "The HTTP version: `1.1`, `2`."),
        ])

    static let phases: ObjectShape = .init(
        "phases block", "The time from the start of the exchange to the end of each phase.",
        [
            KeyShape("nameLookup", .matcher, "Until the host's address was known."),
            KeyShape("connect", .matcher, "Until the connection was open."),
            KeyShape("tls", .matcher, "Until the TLS handshake was done."),
            KeyShape("firstByte", .matcher, "Until the first byte of the response."),
        ])

    static let groupExpectation: ObjectShape = .init(
        "group expectation", "What all responses of a step must show together.",
        [
            KeyShape("status", group, "The status codes."),
            KeyShape("headers", .map(keys: "header", group), "The values of header fields, by name."),
            KeyShape("json", .map(keys: "JSONPath", group), "The values at a JSONPath."),
            KeyShape("body", group, "The bodies as text."),
            KeyShape("bytes", group, "The lengths of the bodies in bytes."),
            KeyShape("time", group, "The times of the exchanges; a bare number is in milliseconds."),
            KeyShape(
                "since", .map(keys: "step", group),
                "The times from the start of this step or an earlier one to the end of each exchange."),
        ])

    private static let group = Shape.object { groupMatcher }

    static let groupMatcher: ObjectShape = .init(
        "group matcher",
        "Conditions on the values of all responses, in the order in which the requests were sent. All must hold.",
        [
            KeyShape(
                "counts", .map(keys: "value", .matcher),
                "How often each value occurred. A status may be a class such as `2xx`. `other` counts all values "
                    + "that are not listed; without it, there must be none."),
            KeyShape("sequence", .list(.value), "The values, in order."),
            KeyShape("first", .matcher, "The first value."),
            KeyShape("last", .matcher, "The last value."),
            KeyShape("each", .matcher, "Every value."),
            KeyShape("allEqual", .boolean, "Whether all values are equal."),
            KeyShape("distinct", .boolean, "Whether no value occurs twice."),
            KeyShape("increasing", .boolean, "Whether each value is greater than the one before."),
            KeyShape(
                "percentile", .map(keys: "percentage", .matcher),
                "Percentiles of the numbers, by nearest rank: `{\"99\": {\"lt\": \"5ms\"}}`."),
            KeyShape(
                "restToFirst", .matcher,
                "The median of all values but the first, divided by the first. Below 1, later responses were "
                    + "faster. Fails if the first is not greater than zero."),
            KeyShape(
                "evenToOdd", .matcher,
                "The median of the second, fourth and so on, divided by the median of the others. Compares two "
                    + "kinds of requests that alternate. Fails if the divisor is not greater than zero."),
        ])

    static let capture: ObjectShape = .init(
        "capture", "A value taken from a response.",
        [
            KeyShape(
                "json", .jsonPath,
                "The value at a JSONPath. A path that can match several values gives the array of all matches, "
                    + "which must not be empty."),
            KeyShape("header", .string, "The value of a header field."),
            KeyShape("cookie", .string, "The value of a cookie that the response sets."),
            KeyShape("status", .boolean, "The status code."),
            KeyShape("body", .boolean, "The body as text."),
            KeyShape(
                "match", .string, "A regular expression. Takes its first group, or the whole match if it has no group."),
            KeyShape("secret", .boolean, "Mask the value in all output."),
        ],
        alternatives: [.exactlyOne("json", "header", "cookie", "status", "body")])

    static let load: ObjectShape = .init(
        "load block", "How `gauntlet load` runs the steps.",
        [
            KeyShape(
                "model", .keyword(["closed", "open"]),
                "`closed`: each virtual user starts its next iteration when the last one ends. `open`: iterations "
                    + "start at a given rate, whether or not the server keeps up; the default if `rate` or `stages` "
                    + "is set."),
            KeyShape(
                "virtualUsers", .integer(1...1_000_000),
                "Number of virtual users; 32 by default. In the open model, the maximum; by default it starts with 100 "
                    + "and creates more as needed, up to 10,000. With `perUser` setup or rows of data, the number "
                    + "is fixed, 100 by default. An arrival waits if no virtual user is free."
            ),
            KeyShape(
                "addresses", .integer(1...16_000_000),
                "How many addresses of 127.0.0.0/8 the virtual users share in turn, if the server is on loopback. "
                    + "Otherwise `client.address` decides."
            ),
            KeyShape(
                "rate", .rate, "Iterations started per second, at first; 0 by default if there are stages."),
            KeyShape(
                "stages", .list(.object { stage }, minimum: 1),
                "Linear changes of the rate, one after another. The last rate holds until the end."),
            KeyShape(
                "arrivals", .keyword(["constant", "poisson"]),
                "`constant` (default): evenly spaced. `poisson`: independent of each other, like the arrivals of "
                    + "many clients."
            ),
            KeyShape("seed", .integer(0...Int.max), "Seed for random arrivals and random rows of data; 1 by default."),
            KeyShape(
                "duration", .duration, "How long to measure; 10 s by default, or as long as the stages take."),
            KeyShape("warmUp", .duration, "How long to run before measuring. Its results are discarded."),
            KeyShape("maxRequests", .integer(1...Int.max), "Maximum number of requests to measure."),
            KeyShape(
                "setup", .keyword(["once", "perUser"]),
                "`once` (default): setup runs once for all virtual users. `perUser`: each virtual user evaluates "
                    + "the variables and runs setup and teardown itself, from its own address."),
            KeyShape(
                "onDenied", .keyword(["continue", "wait"]),
                "What a virtual user does when a response has status 429. `continue` (default): the next step. `wait`: "
                    + "wait as long as `Retry-After` says, and send the request again."),
            KeyShape(
                "classes", .map(keys: "class", .object { expectation }),
                "Classes of responses, each defined by what its responses show; counted and timed separately."),
            KeyShape(
                "thresholds", .map(keys: "metric", .oneOf([.number, .template, .object { threshold }])),
                "What must hold of the result: `{\"p99\": {\"lt\": \"5ms\"}, \"classes.hit.share\": {\"gte\": "
                    + "0.95}}`. A bare value means equality."),
        ])

    static let threshold: ObjectShape = .init(
        "threshold",
        "Comparisons of a metric with a number. A time is in milliseconds, or a duration such as `\"5ms\"`. All must "
            + "hold.",
        Comparison.allCases.map { KeyShape($0.rawValue, .oneOf([.number, .template]), $0.summary) })

    static let stage: ObjectShape = .init(
        "stage", "A period in which the rate changes linearly.",
        [
            KeyShape("to", .rate, "The rate at the end of the stage.", required: true),
            KeyShape("over", .duration, "How long the change takes; `0s` jumps to the rate.", required: true),
        ])
}
