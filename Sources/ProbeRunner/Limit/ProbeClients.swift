import Probe
import Scenario
import ScenarioRunner

/// The probe's clients: the primary one, and those that differ from it in one respect.
package struct ProbeClients {
    package private(set) var senders: [ProbeClient: ProbeSender] = [:]
    private let primary: ProbeRequests
    private let settings: ConnectionSettings
    private let cookies: [String]

    /// A forwarding header with an address of a documentation range (RFC 5737).
    private static let forwarding = Header("X-Forwarded-For", "203.0.113.77")

    /// - Parameter users: the requests of each user, with its cookies; the first is the primary one.
    package init(
        _ users: [(requests: ProbeRequests, cookies: [String])], _ settings: ConnectionSettings,
        varying variants: ProbeVariants
    ) {
        primary = users[0].requests
        cookies = users[0].cookies
        self.settings = settings
        add(.primary)
        addAddress()
        add(.forwarded(0)) { $0.headers.append(Self.forwarding) }
        if primary.example.method == "GET" { add(.method(0)) { $0.method = "HEAD" } }
        for (index, user) in users.dropFirst().enumerated() {
            senders[.credential(index)] = ProbeSender(user.requests, settings, cookies: user.cookies)
        }
        for (index, header) in variants.otherHeaders.enumerated() {
            add(.credential(users.count - 1 + index)) { request in
                request.headers.removeAll { $0.name.lowercased() == header.name.lowercased() }
                request.headers.append(header)
            }
        }
        if let path = variants.otherPath { add(.route(0)) { $0.target = path } }
        if let instance = variants.instance {
            var other = settings
            other.base = instance
            senders[.instance(0)] = ProbeSender(primary, other, cookies: cookies)
        }
        addUncounted()
    }

    /// In the order in which to try them.
    package var variants: [ProbeClient] { senders.keys.filter { $0 != .primary }.sorted { $0.name < $1.name } }

    private mutating func add(_ client: ProbeClient, change: @escaping (inout Request) -> Void = { _ in }) {
        senders[client] = ProbeSender(primary, settings, cookies: cookies, change: change)
    }

    private mutating func addAddress() {
        var other = settings
        other.takeAddressOfItsOwn()
        guard other.address != settings.address else { return }
        senders[.address(0)] = ProbeSender(primary, other, cookies: cookies)
    }

    /// Requests that a server refuses for another reason than the limit.
    private mutating func addUncounted() {
        if primary.example.body != nil { add(.malformed(0)) { $0.body = Array("{".utf8) } }
        let headers = primary.example.headers.filter(\.carriesCredential).map { $0.name.lowercased() }
        guard !headers.isEmpty || !cookies.isEmpty else { return }
        senders[.unauthenticated(0)] = ProbeSender(primary, settings, cookies: []) { request in
            request.headers.removeAll { headers.contains($0.name.lowercased()) }
        }
    }
}
