import Testing

@testable import TodoServer

/// A deliberate fault of a server, and the cases that must catch it.
struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let cases: [String]
    let change: @Sendable (inout Parts) -> Void

    init(_ name: String, cases: [String], change: @escaping @Sendable (inout Parts) -> Void) {
        self.name = name
        self.cases = cases
        self.change = change
    }

    init(_ name: String, _ cases: String..., change: @escaping @Sendable (inout Parts) -> Void) {
        self.init(name, cases: cases, change: change)
    }

    /// A server that sees changed requests.
    init(_ name: String, _ cases: [String], asking rewrite: @escaping @Sendable (inout Request) -> Void) {
        self.name = name
        self.cases = cases
        change = { parts in
            parts.wrap = { server, _ in
                { request in
                    var request = request
                    rewrite(&request)
                    return await server(request)
                }
            }
        }
    }

    init(_ name: String, _ caught: String, asking rewrite: @escaping @Sendable (inout Request) -> Void) {
        self.init(name, [caught], asking: rewrite)
    }

    /// A server that sees changed requests for one path.
    init(
        _ name: String, _ caught: String, at path: String, asking rewrite: @escaping @Sendable (inout Request) -> Void
    ) {
        self.init(name, [caught], asking: { if $0.path == path { rewrite(&$0) } })
    }

    /// A server that changes its responses.
    init(
        _ name: String, _ cases: String..., answering rewrite: @escaping @Sendable (Request, inout Response) -> Void
    ) {
        self.name = name
        self.cases = cases
        change = { parts in
            parts.wrap = { server, _ in
                { request in
                    var response = await server(request)
                    rewrite(request, &response)
                    return response
                }
            }
        }
    }

    /// A server that gives some requests another response; nil leaves the response unchanged.
    init(
        _ name: String, _ cases: String..., instead answer: @escaping @Sendable (Request) -> Response?
    ) {
        self.name = name
        self.cases = cases
        change = { parts in
            parts.wrap = { server, _ in
                { request in
                    if let response = answer(request) { return response }
                    return await server(request)
                }
            }
        }
    }

    var testDescription: String { name }

    static let all: [Fault] = [
        limits, logins, keys, schemes, tokens, caches, todos, quotas, inputs, crashes, protocols, variants,
    ].flatMap(\.self)
}
