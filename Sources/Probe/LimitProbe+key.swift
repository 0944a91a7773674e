extension LimitProbe {
    /// Concludes from the trials what the limit depends on.
    mutating func concludeKey() {
        guard !findings.trials.isEmpty else { return }
        var selecting: [String] = []
        var shared: [String] = []
        var open: [String] = []
        for name in ["address", "credential", "route", "method", "forwarded", "instance"] {
            let trials = findings.trials.filter { $0.client.name == name }
            guard !trials.isEmpty else { continue }
            let verdicts = Set(trials.compactMap(\.isSeparate))
            if verdicts == [true] {
                selecting.append(name)
            } else if verdicts == [false] {
                shared.append(name)
            } else {
                open.append(name)
            }
        }
        var evidence: [String] = []
        if !selecting.isEmpty {
            evidence.append("while the client was denied, another \(Self.words(selecting)) was admitted")
        }
        if !shared.isEmpty { evidence.append("another \(Self.words(shared)) was denied too") }
        if !open.isEmpty { evidence.append("another \(Self.words(open)) gave no clear result") }
        let conclusive = findings.trials.reduce(0) { $0 + $1.conclusive }
        let sentence = evidence.joined(separator: "; ") + " (\(conclusive) comparisons)"
        let keys = selecting.filter { $0 != "instance" }
        if !keys.isEmpty, open.isEmpty {
            findings.key = Finding(keys.joined(separator: "+"), conclusive > 1 ? .certain : .likely, sentence)
        } else if open.isEmpty, shared.contains("address"), shared.contains("credential") {
            findings.key = Finding("global", .likely, sentence)
        } else {
            findings.key.evidence = sentence
        }
        if let forwarded = [selecting, shared].firstIndex(where: { $0.contains("forwarded") }) {
            findings.bypass = Finding(
                forwarded == 0, .certain,
                forwarded == 0
                    ? "another address in a forwarding header is admitted" : "a forwarding header changes nothing")
        }
        if let instance = [selecting, shared].firstIndex(where: { $0.contains("instance") }) {
            findings.instances = Finding(
                instance == 0 ? "separate" : "shared", .certain,
                instance == 0
                    ? "another instance admits a client that this one denies"
                    : "another instance denies the same client")
        }
    }

    /// The parts that were varied, for people.
    private static func words(_ names: [String]) -> String {
        names.map { $0 == "forwarded" ? "forwarding header" : $0 }.joined(separator: " or ")
    }
}

extension ProbeClient {
    /// Whether its requests are rejected, so that it shows which responses count and not what the limit depends on.
    package var isRejected: Bool {
        switch self {
        case .malformed, .unauthenticated: true
        default: false
        }
    }

    /// The name of what differs from the primary client.
    package var name: String {
        switch self {
        case .primary: "primary"
        case .address: "address"
        case .credential: "credential"
        case .route: "route"
        case .method: "method"
        case .forwarded: "forwarded"
        case .instance: "instance"
        case .malformed: "malformed"
        case .unauthenticated: "unauthenticated"
        }
    }
}
