extension ScenarioReader {
    mutating func step(_ node: JSONNode, _ identifiers: inout [String: Range<Int>]) -> Step {
        let id = node["id"]?.string ?? ""
        let idRange = node["id"]?.range ?? node.range.lowerBound..<node.range.lowerBound + 1
        if let first = identifiers[id], !id.isEmpty {
            let line = file.position(of: first.lowerBound).line
            report(
                .duplicateIdentifier, "the id \"\(id)\" is already used by the step on line \(line)", at: idRange,
                help: "every step in a file needs a unique id")
        }
        identifiers[id] = idRange
        checkKeys(of: node)
        return Step(
            id: id, action: action(node, &identifiers),
            repetitions: node["request"] == nil ? node["repeat"]?.number?.int : nil, range: node.range,
            idRange: idRange)
    }

    /// Reports keys that do not go with the kind of step.
    private mutating func checkKeys(of node: JSONNode) {
        let kinds = [
            ("sleep", "a sleep"), ("parallel", "parallel steps"), ("steps", "a group of steps"), ("call", "a call"),
        ]
        for (kind, name) in kinds where node[kind] != nil {
            for key in ["burst", "poll", "retry", "within", "expect", "expectAll", "capture"] {
                guard let extra = node[key] else { continue }
                report(
                    .conflictingKeys, "\(name) cannot have \"\(key)\", which applies only to requests", at: extra.range)
            }
            guard let count = node["repeat"] else { continue }
            if kind == "sleep" {
                report(.conflictingKeys, "a sleep cannot have \"repeat\"", at: count.range, help: "make it longer")
            } else if node["call"]?["once"]?.boolean == true {
                report(
                    .conflictingKeys, "a call with \"once\" cannot have \"repeat\"", at: count.range,
                    help: "its steps run only once in a whole run")
            } else if let number = count.number?.int, number > Step.maximumRepetitions {
                report(
                    .invalidValue, "\(name) can be repeated at most \(Step.maximumRepetitions) times", at: count.range,
                    help: "the result has every step of every repetition")
            }
        }
    }

    private mutating func action(_ node: JSONNode, _ identifiers: inout [String: Range<Int>]) -> Step.Action {
        if let sleep = node["sleep"] { return .sleep(duration(sleep) ?? .zero) }
        if let parallel = node["parallel"] { return .parallel(parallel.elements.map { step($0, &identifiers) }) }
        if let steps = node["steps"] { return .group(steps.elements.map { step($0, &identifiers) }) }
        if let call = node["call"] { return .call(self.call(call)) }
        var repetition = RequestStep.Repetition.once
        if let count = node["repeat"]?.number?.int { repetition = .repeat(count: count) }
        if node["burst"] != nil, let retry = node["retry"] {
            report(
                .conflictingKeys, "a burst is never retried, so it cannot have \"retry\"", at: retry.range)
        }
        if let burst = node["burst"], let count = burst["count"]?.number?.int {
            let concurrency = burst["concurrency"]?.number?.int ?? count
            if concurrency > count, let place = burst["concurrency"] {
                report(.invalidValue, "the concurrency, \(concurrency), exceeds the count, \(count)", at: place.range)
            }
            repetition = .burst(count: count, concurrency: concurrency)
        }
        if let poll = node["poll"] {
            repetition = .poll(
                Poll(
                    until: expectation(poll["until"]), interval: duration(poll["interval"]) ?? .milliseconds(100),
                    timeout: duration(poll["timeout"]) ?? .seconds(10)))
        }
        return .request(
            RequestStep(
                request: request(node["request"], in: node),
                repetition: repetition,
                expectation: expectation(node["expect"]),
                groupExpectation: groupExpectation(node["expectAll"]),
                captures: node["capture"]?.members.map { capture($0.key, $0.value) } ?? [],
                retries: node["retry"]?.number?.int ?? 0,
                within: node["within"]?.members.map { limit($0.key, $0.value) } ?? []))
    }

    private mutating func limit(_ key: JSONNode, _ node: JSONNode) -> RequestStep.Limit {
        RequestStep.Limit(step: key.string ?? "", duration: duration(node) ?? .zero, range: key.range)
    }

    private mutating func call(_ node: JSONNode) -> CallStep {
        let range = node["file"]?.range ?? node.range
        let parameters = node["parameters"]?.members.map { (key: $0.key, value: value($0.value)) } ?? []
        let called = called(node["file"]?.string ?? "", at: range)
        if let called {
            let known = called.variables.map(\.name) + called.requires
            for (key, _) in parameters where !known.contains(key.string ?? "") {
                report(
                    .unknownKey, "\(called.file.path) does not declare the variable \"\(key.string ?? "")\"",
                    at: key.range,
                    help: Suggestion.help(for: key.string ?? "", among: known))
            }
            // A called file sees no outside variables except its parameters.
            let given = Set(parameters.map { $0.key.string ?? "" } + called.variables.map(\.name))
            for name in called.requires where !given.contains(name) {
                report(
                    .missingKey, "\(called.file.path) requires the variable \"\(name)\"", at: range,
                    help: "add it to \"parameters\"")
            }
            for output in node["outputs"]?.elements.map({ $0 }) ?? [] {
                let name = output.string ?? ""
                let defined = called.definedVariables
                guard !defined.contains(name) else { continue }
                report(
                    .undefinedVariable, "\(called.file.path) neither declares nor captures \"\(name)\"",
                    at: output.range,
                    help: Suggestion.help(for: name, among: defined.sorted()))
            }
        }
        return CallStep(
            scenario: called ?? .empty(file), parameters: parameters.map { ($0.key.string ?? "", $0.value) },
            outputs: node["outputs"]?.elements.compactMap(\.string) ?? [], isOnce: node["once"]?.boolean ?? false,
            range: range)
    }

    private mutating func request(_ node: JSONNode?, in step: JSONNode) -> RequestTemplate {
        var authorization: RequestTemplate.Authorization?
        if let bearer = node?["bearer"] {
            authorization = .bearer(template(bearer))
        } else if let basic = node?["basic"] {
            authorization = .basic(username: template(basic["username"]), password: template(basic["password"]))
        }
        var body: RequestTemplate.Body?
        if let form = node?["form"] {
            body = .form(form.members.map { ($0.key.string ?? "", value($0.value)) })
        } else if let json = node?["json"] {
            body = .json(value(json))
        } else if let text = node?["text"] {
            body = .text(template(text))
        } else if let path = node?["file"] {
            body = .file(sentFile(path))
        } else if let parts = node?["multipart"] {
            body = .multipart(parts.members.map { part($0.key, $0.value) })
        }
        var options = RequestOptions()
        if let place = node?["timeout"], let timeout = duration(place) {
            options.timeout = timeout
            if timeout <= .zero { report(.invalidValue, "\"timeout\" must be greater than zero", at: place.range) }
        }
        if let redirects = node?["followRedirects"]?.number?.int { options.redirects = redirects }
        if let maxBody = node?["maxBody"]?.number?.int { options.maxBody = maxBody }
        options.isCompressed = node?["compressed"]?.boolean ?? false
        return RequestTemplate(
            method: node?["method"].map { template($0) } ?? Template(text: "GET"),
            url: url(node?["url"]),
            query: node?["query"]?.members.map { ($0.key.string ?? "", value($0.value)) } ?? [],
            headers: node?["headers"]?.members.map { header($0.key, $0.value) } ?? [],
            authorization: authorization,
            body: body,
            cookies: node?["cookies"]?.members.map { ($0.key.string ?? "", template($0.value)) } ?? [],
            options: options,
            range: node?.range ?? step.range)
    }

    /// The constant parts of a URL are checked before anything is sent.
    private mutating func url(_ node: JSONNode?) -> Template {
        let url = template(node)
        guard let node, case .text(let text)? = url.parts.first else { return url }
        do throws(WebURL.Fault) {
            if url.constantText == nil {
                try WebURL.checkScheme(of: text)
            } else if text.isWholeURL {
                try WebURL.check(text)
            } else {
                try WebURL.checkBytes(of: text)
            }
        } catch {
            report(.invalidValue, error.message, at: place(error.range, in: node, text), help: error.help)
        }
        return url
    }

    private mutating func part(_ key: JSONNode, _ node: JSONNode) -> RequestTemplate.Part {
        let name = key.string ?? ""
        guard node.kind == .object else {
            return RequestTemplate.Part(name: name, content: .value(value(node)), filename: nil, contentType: nil)
        }
        let content: RequestTemplate.Part.Content =
            if let path = node["file"] { .file(sentFile(path)) } else {
                .value(node["text"].map { value($0) } ?? .constant(""))
            }
        return RequestTemplate.Part(
            name: name, content: content, filename: node["filename"].map { template($0) },
            contentType: node["contentType"].map { template($0) })
    }

    private mutating func header(_ key: JSONNode, _ node: JSONNode) -> (name: String, value: Template) {
        let name = key.string ?? ""
        // A field name is a token (RFC 9110 section 5.1); anything else could split the request.
        if name.isEmpty || !name.utf8.allSatisfy(Self.isTokenByte) {
            report(.invalidValue, "\"\(name)\" is not a valid header name", at: key.range)
        }
        return (name, template(node))
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private mutating func capture(_ key: JSONNode, _ node: JSONNode) -> Capture {
        let name = key.string ?? ""
        if !Self.isName(name) {
            report(
                .invalidValue, "\"\(name)\" is not a valid variable name", at: key.range,
                help: "use letters, digits and _; do not start with a digit")
        }
        var query = Query.status
        if let path = node["json"] {
            query = jsonPath(path).map(Query.json) ?? .status
        } else if let header = node["header"]?.string {
            query = .header(header)
        } else if let cookie = node["cookie"]?.string {
            query = .cookie(cookie)
        } else if node["body"] != nil {
            query = .body
        }
        for flag in ["status", "body"] {
            guard let value = node[flag], value.boolean == false else { continue }
            report(.invalidValue, "\"\(flag)\" can only be true", at: value.range, help: "remove the key instead")
        }
        let match = node["match"].flatMap { regularExpression($0) }
        return Capture(
            name: name, query: query, match: match, isSecret: node["secret"]?.boolean ?? false, range: key.range)
    }
}
