extension ScenarioReader {
    mutating func step(_ node: JSONNode, _ identifiers: inout [String: Range<Int>]) -> Step {
        let id = node["id"]?.string ?? ""
        let idRange = node["id"]?.range ?? node.range.lowerBound..<node.range.lowerBound + 1
        if let first = identifiers[id], !id.isEmpty {
            let line = file.position(of: first.lowerBound).line
            report(
                .duplicateIdentifier, "the id \"\(id)\" is taken by a step on line \(line)", at: idRange,
                help: "every step of a file needs an id of its own")
        }
        identifiers[id] = idRange
        return Step(id: id, action: action(node), range: node.range, idRange: idRange)
    }

    private mutating func action(_ node: JSONNode) -> Step.Action {
        if let sleep = node["sleep"] {
            for key in ["repeat", "burst", "expect", "expectAll", "capture"] where node[key] != nil {
                report(.conflictingKeys, "a sleep has no \"\(key)\"", at: node[key]!.range)
            }
            return .sleep(duration(sleep) ?? .zero)
        }
        var repetition = RequestStep.Repetition.once
        if let count = node["repeat"]?.number?.int { repetition = .repeat(count: count) }
        if let burst = node["burst"], let count = burst["count"]?.number?.int {
            let concurrency = burst["concurrency"]?.number?.int ?? count
            if concurrency > count, let place = burst["concurrency"] {
                report(.invalidValue, "the concurrency, \(concurrency), is above the count, \(count)", at: place.range)
            }
            repetition = .burst(count: count, concurrency: concurrency)
        }
        return .request(
            RequestStep(
                request: request(node["request"], in: node),
                repetition: repetition,
                expectation: expectation(node["expect"]),
                groupExpectation: groupExpectation(node["expectAll"]),
                captures: node["capture"]?.members.map { capture($0.key, $0.value) } ?? []))
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
        }
        return RequestTemplate(
            method: node?["method"].map { template($0) } ?? Template(text: "GET"),
            url: template(node?["url"]),
            query: node?["query"]?.members.map { ($0.key.string ?? "", value($0.value)) } ?? [],
            headers: node?["headers"]?.members.map { header($0.key, $0.value) } ?? [],
            authorization: authorization,
            body: body,
            timeout: duration(node?["timeout"]) ?? RequestTemplate.defaultTimeout,
            range: node?.range ?? step.range)
    }

    private mutating func header(_ key: JSONNode, _ node: JSONNode) -> (name: String, value: Template) {
        let name = key.string ?? ""
        // A field name is a token (RFC 9110 section 5.1); anything else could split the request.
        if name.isEmpty || !name.utf8.allSatisfy(Self.isTokenByte) {
            report(.invalidValue, "\"\(name)\" cannot be a header's name", at: key.range)
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
                .invalidValue, "\"\(name)\" cannot be a variable's name", at: key.range,
                help: "letters, digits and _, and no digit first")
        }
        var query = Query.status
        if let path = node["json"] {
            query = jsonPath(path).map(Query.json) ?? .status
        } else if let header = node["header"]?.string {
            query = .header(header)
        } else if node["body"] != nil {
            query = .body
        }
        for flag in ["status", "body"] where node[flag]?.boolean == false {
            report(.invalidValue, "\"\(flag)\" can only be true", at: node[flag]!.range, help: "leave it out instead")
        }
        return Capture(
            name: name, query: query, isSecret: node["secret"]?.boolean ?? false, range: key.range)
    }
}
