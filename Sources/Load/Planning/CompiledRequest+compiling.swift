import Scenario

extension CompiledRequest {
    /// Nil if only the template can render the request.
    ///
    /// The template is rendered once with a mark for each expression that differs between users or iterations. Where
    /// the marks end up is where the slots are. A mark that is missing, because it was encoded or its place depends on
    /// its value, cannot become a slot.
    ///
    /// - Parameters:
    ///   - own: names of variables that are not the same for all users in all iterations.
    ///   - scope: values for all other variables.
    init?(_ template: RequestTemplate, target: LoadTarget, own: Set<String>, scope: Scope) {
        var marker = SlotMarker(own: own)
        guard let marked = marker.marked(template), !marker.slots.isEmpty, let request = try? marked.render(scope),
            let whole = try? request.bytes(to: target), let head = whole.firstRange(of: Array("\r\n\r\n".utf8))
        else { return nil }
        var slots = marker.slots
        var places: [(range: Range<Int>, next: Piece.Next)] = []
        for index in slots.indices {
            let found = whole.ranges(of: SlotMarker.mark(index))
            guard found.count == 1, var range = found.first else { return nil }
            if case .json = slots[index].form { range = range.lowerBound - 1..<range.upperBound + 1 }
            slots[index].isInBody = range.lowerBound >= head.upperBound
            places.append((range, .slot(index)))
        }
        let inBody = places.filter { $0.range.lowerBound >= head.upperBound }
        if !inBody.isEmpty {
            guard !request.isChunked else { return nil }
            if request.headers.values(of: "Content-Length").isEmpty {
                // It is the last field.
                let digits = "\(request.body?.count ?? 0)".utf8.count
                places.append((head.lowerBound - digits..<head.lowerBound, .bodyLength))
            }
        }
        places.sort { $0.range.lowerBound < $1.range.lowerBound }
        var bytes: [UInt8] = []
        var pieces: [Piece] = []
        var position = 0
        for (range, next) in places + [(whole.count..<whole.count, .end)] {
            guard range.lowerBound >= position else { return nil }
            let start = bytes.count
            bytes += whole[position..<range.lowerBound]
            pieces.append(Piece(start: Int32(start), end: Int32(bytes.count), next: next))
            position = range.upperBound
        }
        self.bytes = bytes
        self.pieces = pieces
        self.slots = slots
        fixedLength = whole.count - head.upperBound - inBody.reduce(0) { $0 + $1.range.count }
    }
}

/// Replaces expressions with marks, in the order in which a template renders them.
private struct SlotMarker {
    let own: Set<String>
    private(set) var slots: [CompiledRequest.Slot] = []

    init(own: Set<String>) { self.own = own }

    /// Characters that no encoding of text changes. Marks have the same length, so none contains another.
    static func mark(_ index: Int) -> [UInt8] { Array("slot-\(String(100_000 + index))-of-gauntlet".utf8) }

    mutating func marked(_ template: RequestTemplate) -> RequestTemplate? {
        guard template.method.expressions.isEmpty else { return nil }
        var marked = template
        for index in marked.headers.indices {
            // These decide how the request is framed and where it goes.
            let isSpecial = ["host", "content-length", "transfer-encoding"].contains(
                marked.headers[index].name.lowercased())
            let isConstant = marked.headers[index].value.expressions.isEmpty
            guard isConstant || !isSpecial, let value = text(marked.headers[index].value, .field) else { return nil }
            marked.headers[index].value = value
        }
        switch marked.authorization {
        case .bearer(let token):
            guard let token = text(token, .field) else { return nil }
            marked.authorization = .bearer(token)
        case .basic(let username, let password):
            guard (username.expressions + password.expressions).allSatisfy(isConstant) else { return nil }
        case nil: break
        }
        for index in marked.cookies.indices {
            guard let value = text(marked.cookies[index].value, .field) else { return nil }
            marked.cookies[index].value = value
        }
        if let body = marked.body {
            guard let body = self.body(body) else { return nil }
            marked.body = body
        }
        guard let url = text(marked.url, .path) else { return nil }
        marked.url = url
        guard let query = fields(marked.query) else { return nil }
        marked.query = query
        return marked
    }

    private mutating func body(_ body: RequestTemplate.Body) -> RequestTemplate.Body? {
        switch body {
        case .form(let fields): return self.fields(fields).map { .form($0) }
        case .json(let value): return json(value).map { .json($0) }
        case .text(let template): return text(template, .text).map { .text($0) }
        case .file(let path): return path.expressions.allSatisfy(isConstant) ? body : nil
        // The boundary differs each time.
        case .multipart: return nil
        }
    }

    private mutating func fields(
        _ fields: [(name: String, value: TemplateValue)]
    ) -> [(name: String, value: TemplateValue)]? {
        var marked = fields
        for index in fields.indices {
            guard let value = field(fields[index].value) else { return nil }
            marked[index].value = value
        }
        return marked
    }

    /// The value of a query or form. An array gives several fields.
    private mutating func field(_ value: TemplateValue) -> TemplateValue? {
        switch value {
        case .constant: return value
        case .template(let template): return text(template, .percent).map { .template($0) }
        case .array(let elements):
            var marked: [TemplateValue] = []
            for element in elements {
                if case .array = element { return nil }
                guard let element = field(element) else { return nil }
                marked.append(element)
            }
            return .array(marked)
        case .object: return value.expressions.allSatisfy(isConstant) ? value : nil
        }
    }

    private mutating func json(_ value: TemplateValue) -> TemplateValue? {
        switch value {
        case .constant: return value
        case .template(let template):
            return text(template, template.parts.count == 1 ? .json : .jsonText).map { .template($0) }
        case .array(let elements):
            var marked: [TemplateValue] = []
            for element in elements {
                guard let element = json(element) else { return nil }
                marked.append(element)
            }
            return .array(marked)
        case .object(let members):
            var marked = members
            for index in members.indices {
                guard let member = json(members[index].value) else { return nil }
                marked[index].value = member
            }
            return .object(marked)
        }
    }

    private mutating func text(_ template: Template, _ form: CompiledRequest.Form) -> Template? {
        var parts: [Template.Part] = []
        for part in template.parts {
            guard case .expression(let expression) = part, !isConstant(expression) else {
                parts.append(part)
                continue
            }
            guard let source = CompiledRequest.Source(expression) else { return nil }
            parts.append(.text(String(decoding: Self.mark(slots.count), as: UTF8.self)))
            slots.append(CompiledRequest.Slot(source: source, form: form))
        }
        return Template(parts: parts)
    }

    private func isConstant(_ expression: Expression) -> Bool {
        expression.isPure && expression.variables.isDisjoint(with: own)
    }
}

extension CompiledRequest.Source {
    /// Nil for an expression that only a template can evaluate.
    fileprivate init?(_ expression: Expression) {
        func integer(_ expression: Expression?) -> Int? {
            if case .literal(.number(let number))? = expression { number.int } else { nil }
        }
        switch expression {
        case .literal: return nil
        case .variable(let name, let path): self = .variable(name, path: path)
        case .call(let function, let arguments):
            switch (function, arguments.count) {
            case (.iteration, 0): self = .iteration
            case (.virtualUser, 0): self = .virtualUser
            case (.uuid, 0): self = .uuid
            case (.counter, 0): self = .counter(name: "")
            case (.counter, 1):
                guard case .literal(.string(let name))? = arguments.first else { return nil }
                self = .counter(name: name)
            case (.now, 0): self = .now(offset: 0)
            case (.now, 1):
                guard let offset = integer(arguments.first), offset.magnitude < 1 << 32 else { return nil }
                self = .now(offset: offset)
            case (.randomString, 1):
                guard let length = integer(arguments.first), (1...4096).contains(length) else { return nil }
                self = .randomString(length: length)
            case (.randomInt, 2):
                guard let low = integer(arguments.first), let high = integer(arguments.last), low <= high else {
                    return nil
                }
                self = .randomInt(low...high)
            default: return nil
            }
        }
    }
}
