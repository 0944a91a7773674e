extension CacheProbe {
    /// Compares the representations of plain and varied reads, and what `Vary` says.
    mutating func concludeVary() {
        var verdicts: [(value: String, field: String)] = []
        for (index, field) in options.variedFields.enumerated() {
            if let verdict = variation(index, field: field) { verdicts.append((verdict, field)) }
        }
        let ranked = ["ignored", "undeclared", "accurate", "unneeded"]
        for value in ranked {
            let fields = verdicts.filter { $0.value == value }.map(\.field)
            guard !fields.isEmpty else { continue }
            findings.vary = Finding(value, value == "unneeded" ? .likely : .certain, evidence(value, fields))
            return
        }
        if options.variedFields.isEmpty { findings.vary.evidence = "no header field to vary was given" }
    }

    private func evidence(_ value: String, _ fields: [String]) -> String {
        let names = fields.joined(separator: ", ")
        return switch value {
        case "ignored": "a request with another \(names) was served the entry of the plain request"
        case "undeclared": "the response depends on \(names), which Vary does not name"
        case "accurate": "the response depends on \(names), and so do the entries"
        default: "the response does not depend on \(names)"
        }
    }

    private func variation(_ index: Int, field: String) -> String? {
        let alone = exchanges(index, isFirst: true, role: .varied)
        let plain = exchanges(index, isFirst: false, role: .first)
        let after = exchanges(index, isFirst: false, role: .varied)
        guard alone.count >= 2, plain.count >= 2, after.count >= 2,
            let own = only(alone), let common = only(plain), let served = only(after)
        else { return nil }
        if own == common { return own == served && hasEqualBodies(index) ? "unneeded" : nil }
        if served == common { return "ignored" }
        guard served == own else { return nil }
        let isDeclared = (alone + plain).allSatisfy {
            $0.varies.contains(field.lowercased()) || $0.varies.contains("*")
        }
        return isDeclared ? "accurate" : "undeclared"
    }

    private func exchanges(_ index: Int, isFirst: Bool, role: CacheTrial.Role) -> [CacheExchange] {
        history.trials.filter { $0.kind == .variation(index, isFirst: isFirst) && !$0.isVoid }
            .flatMap { $0.sightings(role) }.map(\.exchange)
    }

    /// The representation that all of them have.
    private func only(_ exchanges: [CacheExchange]) -> [String]? {
        let all = Set(
            exchanges.map { exchange in
                ["Content-Type", "Content-Language", "Content-Encoding"].map { exchange.field($0) ?? "" }
            })
        return all.count == 1 ? all.first : nil
    }

    private func hasEqualBodies(_ index: Int) -> Bool {
        history.trials.filter { $0.kind == .variation(index, isFirst: true) && !$0.isVoid }.allSatisfy { trial in
            let digests = trial.reads.map(\.sighting.exchange.digest)
            return digests.count == 2 && digests[0] != nil && digests[0] == digests[1]
        }
    }
}
