import Audit

/// The `audit` block.
extension ScenarioShapes {
    static let audit: ObjectShape = .init(
        "audit block",
        "What the server promises about all requests of a run together. An audit proves or refutes a promise from the "
            + "times at which requests were sent and responses arrived.",
        [
            KeyShape(
                "rateLimit", .oneOf([.object { rateLimit }, .list(.object { rateLimit }, minimum: 1)]),
                "A rate limit, or several. Fails if more requests were admitted than the limit allows, or if one was "
                    + "denied although there was room."),
            KeyShape(
                "freshness", .oneOf([.object { freshness }, .list(.object { freshness }, minimum: 1)]),
                "Objects that are written and read. Fails if a read shows an older value than it must."),
            KeyShape(
                "stampede", .oneOf([.object { stampede }, .list(.object { stampede }, minimum: 1)]),
                "Cached values. Fails if too many reads reach the origin when a value is filled."),
        ])

    static let rateLimit: ObjectShape = .init(
        "rate limit", "A rate limit, and the requests that it applies to.",
        [
            KeyShape(
                "steps", .list(.string, minimum: 1), "Ids of the request steps that the limit applies to.",
                required: true),
            KeyShape(
                "key", .template,
                "What the server limits by, such as `{{apiKey}}`; by default the client's address. Rendered for each "
                    + "request, with the variables that the request uses."),
            KeyShape("policy", .object { policy }, "What the server promises.", required: true),
            KeyShape(
                "denied", statuses,
                "Statuses with which the limiter refuses a request: codes such as `429`, or classes such as `\"5xx\"`. "
                    + "429 by default."),
            KeyShape(
                "admitted", statuses,
                "Statuses of requests that the limiter let pass and counted; by default all from 200 to 399. With any "
                    + "other status, the limiter may have counted the request or not."),
            KeyShape(
                "promises", .boolean,
                "Whether to compare `Retry-After` and the remaining count in `RateLimit` with what happened."),
            KeyShape("ignored", statuses, "Statuses of requests that the limiter does not count; by default none."),
        ])

    private static let statuses = Shape.oneOf([
        .integer(100...999), .string, .list(.oneOf([.integer(100...999), .string]), minimum: 1),
    ])

    static let policy: ObjectShape = .init(
        "policy", "A kind of rate limit, with its numbers.",
        [
            KeyShape(
                "kind", .keyword(RateLimitPolicy.kinds),
                "`sliding-window`: at most `limit` admissions in any stretch as long as `window`. `fixed-window`: in "
                    + "a window that the first admission after the previous window opens. `aligned-window`: in each "
                    + "window of the server's clock. `sliding-counter`: aligned windows, of which the previous one "
                    + "counts in part. `token-bucket`: `burst` at once, refilled at `rate`.", required: true),
            KeyShape("limit", .oneOf([.integer(1...1_000_000_000), .template]), "Maximum number of admissions."),
            KeyShape("window", .template, "The length of a window: a duration of at most a day."),
            KeyShape(
                "burst", .oneOf([.integer(1...1_000_000_000), .template]),
                "Number of admissions that a full bucket has."
            ),
            KeyShape("rate", .template, "How fast a bucket refills: `\"5/s\"`, `\"1/200ms\"`."),
        ],
        alternatives: [.exactlyOne("limit", "burst"), .exactlyOne("window", "rate")])

    static let freshness: ObjectShape = .init(
        "freshness block",
        "Objects, the steps that write and read them, and how old a value may be that a read shows.",
        [
            KeyShape(
                "writes", .map(keys: "step", .oneOf([.template, .object { writtenValue }])),
                "The request steps that write an object, each with the value that it writes. Every write needs a value "
                    + "of its own. A write counts as done if its status is 2xx, and as refused if it is 4xx.",
                required: true),
            KeyShape(
                "reads", .map(keys: "step", .jsonPath),
                "The request steps that read an object, each with the JSONPath of the value in the response. A read "
                    + "with status 404 or 410 shows that there is none; other statuses than these and 2xx show "
                    + "nothing.", required: true),
            KeyShape(
                "shape", .keyword(FreshnessPromise.Shape.allCases.map(\.rawValue)),
                "`latest` (default): an object has one value, and a read shows it. `contains`: an object is a set; a "
                    + "write adds a value, and a read shows all of them."),
            KeyShape(
                "deletes",
                .oneOf([
                    .list(.string, minimum: 1), .map(keys: "step", .oneOf([.template, .object { writtenValue }])),
                ]),
                "Ids of the request steps that delete an object. For `contains`: steps with the value that each "
                    + "deletes."),
            KeyShape(
                "key", .template,
                "Names the object of a request, such as `{{id}}`. By default all requests are about the same object. "
                    + "Rendered for each request, with the variables that the request uses."),
            KeyShape(
                "ttl", .duration,
                "How old a value may be that a read shows, counted from the response to the write that replaced it. "
                    + "By default it must be the latest value."),
        ])

    static let stampede: ObjectShape = .init(
        "stampede block", "Cached values, and how many reads may reach the origin when one is filled.",
        [
            KeyShape(
                "reads", .list(.string, minimum: 1), "Ids of the request steps that read.", required: true),
            KeyShape(
                "writes", .list(.string, minimum: 1),
                "Ids of the request steps after which a cached value is no longer valid."),
            KeyShape(
                "key", .template,
                "Names the cached value of a request, such as `{{id}}`. By default all requests are about the same value."
            ),
            KeyShape(
                "miss", .object { expectation }, "What a response shows that comes from the origin.", required: true),
            KeyShape(
                "limit", .integer(1...1_000_000), "The most reads that may reach the origin for one fill; 1 by default."
            ),
            KeyShape("ttl", .duration, "How long a value stays cached. By default longer than any response takes."),
        ])

    static let writtenValue: ObjectShape = .init(
        "written value", "Where the value that a write stores is known from.",
        [
            KeyShape("request", .jsonPath, "A JSONPath in the JSON body of the request."),
            KeyShape("response", .jsonPath, "A JSONPath in the JSON body of the response."),
        ],
        alternatives: [.exactlyOne("request", "response")])
}
