import NIOHTTP1

@testable import TodoServer

// Tokens accepted under schemes other than Bearer, and Bearer that is not recognised.
extension Fault {
    /// A server that accepts a token in an Authorization field that the contract rejects.
    ///
    /// - Parameters:
    ///   - methods: the affected methods; all if nil.
    ///   - token: returns the token that it reads from the field, or nil.
    private static func scheme(
        _ name: String, _ caught: String = "TOKEN-2", for methods: [HTTPMethod]? = nil,
        token: @escaping @Sendable (_ field: String) -> Substring?
    ) -> Fault {
        Fault(
            name, caught,
            asking: { request in
                guard methods?.contains(request.method) ?? true, let field = request.fields.authorization,
                    let token = token(field)
                else { return }
                request.fields.authorization = "Bearer \(token)"
            })
    }

    /// A server that accepts additional scheme names.
    private static func scheme(
        _ name: String, _ caught: String = "TOKEN-2", for methods: [HTTPMethod]? = nil,
        where isAccepted: @escaping @Sendable (_ scheme: String) -> Bool
    ) -> Fault {
        scheme(
            name, caught, for: methods,
            token: { field in
                let parts = field.split(separator: " ", maxSplits: 1)
                return parts.count == 2 && isAccepted(parts[0].lowercased()) ? parts[1] : nil
            })
    }

    /// A server that accepts a token under any scheme for one method of a todo.
    private static func anyScheme(_ name: String, to method: HTTPMethod) -> Fault {
        Fault(
            name, "TOKEN-21",
            asking: { request in
                guard request.method == method, request.path.hasPrefix("/todos/"),
                    let last = request.fields.authorization?.split(separator: " ").last
                else { return }
                request.fields.authorization = "Bearer \(last)"
            })
    }

    /// A server that rejects some spellings of the scheme's name.
    private static func spelling(
        _ name: String, for methods: [HTTPMethod]? = nil, where isRejected: @escaping @Sendable (Substring) -> Bool
    ) -> Fault {
        Fault(
            name, "TOKEN-6",
            instead: { request in
                guard methods?.contains(request.method) ?? true,
                    let scheme = request.fields.authorization?.prefix(while: { $0 != " " }), isRejected(scheme)
                else { return nil }
                return AuthError.notAuthenticated.response
            })
    }

    /// A server that omits the challenge from some responses.
    private static func unchallenged(
        _ name: String, _ caught: String, where isLeftOut: @escaping @Sendable (Request) -> Bool
    ) -> Fault {
        Fault(name, caught, answering: { if isLeftOut($0) { $1.remove("WWW-Authenticate") } })
    }

    /// A server that responds to another scheme as it does to an invalid token.
    private static func misnamed(_ name: String, where isMisnamed: @escaping @Sendable (String) -> Bool) -> Fault {
        Fault(
            name, "TOKEN-28",
            answering: { request, response in
                guard let field = request.fields.authorization, isMisnamed(field) else { return }
                response.text = response.text.replacing("Not authenticated", with: "Invalid token")
            })
    }

    /// A server that reads a token from elsewhere in the head if there is no Authorization.
    private static func elsewhere(_ name: String, after marker: String) -> Fault {
        Fault(name, "TOKEN-22") { parts in
            parts.front = { request in
                guard !request.contains("\r\nAuthorization: "), let place = request.firstRange(of: marker),
                    let end = request.firstRange(of: "\r\n")
                else { return request }
                let token = request[place.upperBound...].prefix { !"&; \r\n".contains($0) }
                return request[..<end.lowerBound] + "\r\nAuthorization: Bearer \(token)" + request[end.lowerBound...]
            }
        }
    }

    private static func hasBearer(_ request: Request) -> Bool {
        request.fields.authorization?.lowercased().hasPrefix("bearer ") ?? false
    }

    static let schemes: [Fault] = [
        scheme("accepts a token under any scheme", token: { $0.split(separator: " ").last }),
        scheme("accepts a token under Basic", where: { $0 == "basic" }),
        scheme("accepts a token under Token", where: { $0 == "token" }),
        scheme("accepts a token under JWT", where: { $0 == "jwt" }),
        scheme("accepts a token under DPoP", where: { $0 == "dpop" }),
        scheme("accepts a token under any scheme of six letters", where: { $0.count == 6 }),
        scheme("accepts a scheme that begins with Bearer", where: { $0.hasPrefix("bearer") }),
        scheme("accepts a scheme that ends with Bearer", where: { $0.hasSuffix("bearer") }),
        scheme("accepts a scheme that Bearer begins with", where: { "bearer".hasPrefix($0) }),
        scheme("accepts a scheme that Bearer contains", where: { "bearer".contains($0) }),
        scheme("accepts a scheme that begins with a B", where: { $0.hasPrefix("b") }),
        scheme("accepts a scheme in quotation marks", where: { $0 == "\"bearer\"" }),
        scheme("accepts a token without a scheme", token: { $0.contains(" ") ? nil : Substring($0) }),
        scheme(
            "removes seven characters without checking them",
            token: { $0.lowercased().hasPrefix("bearer") ? $0.dropFirst(7) : nil }),
        scheme(
            "removes six characters and white space",
            token: { $0.lowercased().hasPrefix("bearer") ? $0.dropFirst(6).trimmingSpaces() : nil }),
        scheme(
            "looks for Bearer anywhere in Authorization",
            token: { field in field.firstRange(of: "Bearer ").map { field[$0.upperBound...] } }),
        scheme("accepts any scheme to read the list", for: [.GET], token: { $0.split(separator: " ").last }),
        scheme("accepts any scheme to create a todo", for: [.POST], token: { $0.split(separator: " ").last }),
        anyScheme("accepts any scheme to read a todo", to: .GET),
        anyScheme("accepts any scheme for HEAD of a todo", to: .HEAD),
        anyScheme("accepts any scheme to change a todo", to: .PATCH),
        anyScheme("accepts any scheme to delete a todo", to: .DELETE),
        Fault(
            "serves HEAD of the list without a token", "TOKEN-21",
            asking: { request in
                guard request.method == .HEAD, request.path == "/todos" else { return }
                request.fields.authorization = token(of: "admin")
            }),

        spelling("accepts only Bearer") { $0 != "Bearer" },
        spelling("accepts only Bearer and bearer") { $0 != "Bearer" && $0 != "bearer" },
        spelling("accepts only Bearer, bearer and BEARER") { $0 != "Bearer" && $0 != "bearer" && $0 != "BEARER" },
        spelling("accepts only Bearer for writes", for: [.POST, .PATCH, .DELETE]) { $0 != "Bearer" },
        spelling("accepts only Bearer for HEAD", for: [.HEAD]) { $0 != "Bearer" },
        Fault(
            "lowercases all of Authorization", "TOKEN-6",
            asking: { request in
                guard let field = request.fields.authorization, !field.hasPrefix("Bearer ") else { return }
                request.fields.authorization = field.lowercased()
            }),

        Fault(
            "returns 403 without a token", "TOKEN-1",
            answering: { if $0.fields.authorization == nil, $1.status == .unauthorized { $1.status = .forbidden } }),
        Fault(
            "returns 403 for a write without a token", "TOKEN-1",
            answering: { request, response in
                guard request.method == .POST, request.fields.authorization == nil else { return }
                if response.status == .unauthorized { response.status = .forbidden }
            }),
        unchallenged("does not challenge without a token", "TOKEN-26") { $0.fields.authorization == nil },
        unchallenged("does not challenge a write without a token", "TOKEN-26") {
            $0.fields.authorization == nil && $0.method == .POST
        },
        Fault(
            "challenges with Basic", "TOKEN-26",
            answering: { if $1["WWW-Authenticate"] != nil { $1["WWW-Authenticate"] = #"Basic realm="todos""# } }),
        unchallenged("does not challenge an invalid token", "TOKEN-27", where: hasBearer),
        unchallenged("does not challenge another scheme", "TOKEN-27") {
            $0.fields.authorization != nil && !hasBearer($0)
        },
        unchallenged("does not challenge on the routes of a todo", "TOKEN-27") { $0.path.hasPrefix("/todos/") },
        unchallenged("does not challenge HEAD", "TOKEN-27") { $0.method == .HEAD },
        unchallenged("does not challenge a failed login", "LOGIN-14") { $0.path == "/login" },

        misnamed("calls text after another scheme an invalid token") { $0.contains(" ") },
        misnamed("calls a token without a scheme invalid") { !$0.contains(" ") },
        misnamed("calls a scheme that begins like Bearer an invalid token") { $0.hasPrefix("Bear") },
        misnamed("calls a JWT under another scheme invalid") { $0.contains(".") },
        Fault(
            "does not call the token of a write invalid", "TOKEN-5",
            answering: { request, response in
                guard request.method == .POST else { return }
                response.text = response.text.replacing("Invalid token", with: "Not authenticated")
            }),
        scheme(
            "uses the second of two Authorization fields", "TOKEN-22",
            token: { field in field.firstRange(of: ", Bearer ").map { field[$0.upperBound...] } }),
        scheme(
            "uses the first of two Authorization fields", "TOKEN-22",
            token: { field in
                field.firstRange(of: ", Basic ").map { field[..<$0.lowerBound].dropFirst(7) }
            }),
        scheme(
            "accepts the scheme twice", "TOKEN-22",
            token: { field in field.hasPrefix("Bearer Bearer ") ? field.dropFirst(14) : nil }),
        scheme(
            "accepts a token in quotation marks", "TOKEN-22",
            token: { field in field.hasPrefix("Bearer \"") ? field.dropFirst(8).dropLast() : nil }),
        scheme(
            "accepts a token as a parameter", "TOKEN-22",
            token: { field in field.hasPrefix("Bearer token=") ? field.dropFirst(13) : nil }),
        elsewhere("reads a token from the query", after: "?access_token="),
        elsewhere("reads a token from the query under another name", after: "&token="),
        elsewhere("reads Authorization from the query", after: "?Authorization=Bearer%20"),
        elsewhere("reads a token from a cookie", after: "Cookie: access_token="),
        elsewhere("reads a token from the session cookie", after: " session="),
        elsewhere("reads a token from X-Auth-Token", after: "X-Auth-Token: "),
        elsewhere("reads a token from X-Authorization", after: "X-Authorization: Bearer "),
        elsewhere("reads a token from Proxy-Authorization", after: "Proxy-Authorization: Bearer "),
        Fault(
            "reads a token from the todo", "TOKEN-22",
            asking: { request in
                guard request.fields.authorization == nil, case .object(let body)? = request.json,
                    case .string(let token)? = body["access_token"]
                else { return }
                request.fields.authorization = "Bearer \(token)"
            }),
        Fault(
            "reads a token from a form", "TOKEN-22",
            asking: { request in
                guard request.fields.authorization == nil, request.path == "/todos",
                    let token = (try? request.form())?["access_token"]
                else { return }
                request.fields.authorization = "Bearer \(token)"
            }),
        Fault("counts a token under another scheme", "LIMIT-8") { parts in
            parts.wrap = { server, limiter in
                { request in
                    let response = await server(request)
                    if request.fields.authorization != nil, !hasBearer(request) {
                        _ = await limiter.admit(request.client.key)
                    }
                    return response
                }
            }
        },
    ]
}
