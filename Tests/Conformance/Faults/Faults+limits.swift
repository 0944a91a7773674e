import NIOCore
import NIOHTTP1

@testable import TodoServer

// Limits that admit too many or too few requests, too early or too late, or count the wrong ones.
extension Fault {
    private static func window(_ seconds: Int, _ limit: Int = 5) -> RateLimitPolicy {
        RateLimitPolicy(limit: limit, windowSeconds: seconds)
    }

    private static func mistake(_ name: String, _ mistake: FaultyLimiter.Mistake, _ caught: String) -> Fault {
        Fault(name, caught) { $0.limiter = { FaultyLimiter($0, mistake) } }
    }

    private static func limiter(
        _ name: String, _ caught: String, really policy: RateLimitPolicy
    ) -> Fault {
        Fault(name, caught) { $0.limiter = { LyingLimiter($0, really: policy) } }
    }

    /// A server that counts requests for unknown routes below `/todos`.
    private static func stray(_ name: String, _ answer: @escaping @Sendable (Bool, Response) -> Response) -> Fault {
        Fault(name, "LIMIT-26") { parts in
            parts.wrap = { server, limiter in
                { request in
                    let response = await server(request)
                    guard response.status == .methodNotAllowed || response.text.contains("Not Found"),
                        request.path.hasPrefix("/todos")
                    else { return response }
                    return answer(await limiter.admit(request.client.key).isAdmitted, response)
                }
            }
        }
    }

    static let limits: [Fault] = [
        limiter("admits one too many", "LIMIT-1", really: window(10, 6)),
        limiter("admits one too few", "LIMIT-1", really: window(10, 4)),
        mistake("counts by reading and then writing", .race, "LIMIT-1"),
        limiter("ends the window a second early", "LIMIT-3", really: window(9)),
        limiter("ends the window a second late", "LIMIT-4", really: window(11)),
        mistake("never expires a counter", .noExpiry, "LIMIT-4"),
        mistake("prolongs the window after denied requests", .deniedProlong, "LIMIT-5"),
        mistake("prolongs the window after admitted requests", .admittedProlong, "LIMIT-6"),
        mistake("counts denied requests", .deniedCount, "LIMIT-5"),
        limiter(
            "uses a sliding window instead of a fixed one", "LIMIT-22",
            really: RateLimitPolicy(limit: 5, windowSeconds: 10, kind: .slidingWindow)),
        Fault("has a bucket per path", "LIMIT-16", asking: { $0.client.key += $0.path }),
        Fault("has a bucket per method", "LIMIT-7", asking: { $0.client.key += $0.method.rawValue }),
        Fault("has one bucket for all addresses", "LIMIT-10", asking: { $0.client.key = "everybody" }),
        Fault("has a bucket per token", "LIMIT-17", asking: { $0.client.key += $0.fields.authorization ?? "" }),
        Fault(
            "trusts X-Forwarded-For", "LIMIT-11",
            asking: { if let field = $0.fields.forwardedFor { $0.client.key = field } }),
        Fault("checks the limit after the write", "LIMIT-23") { parts in
            parts.wrap = { server, limiter in
                { request in
                    guard request.path == "/todos", request.method == .POST else { return await server(request) }
                    var quiet = request
                    quiet.client.key = "nobody \(UInt64.random(in: .min ... .max))"
                    let response = await server(quiet)
                    let admission = await limiter.admit(request.client.key)
                    return admission.isAdmitted
                        ? response : Response(status: .tooManyRequests, detail: "Too many requests")
                }
            }
        },
        Fault("counts a 401", "LIMIT-8") { parts in
            parts.wrap = { server, limiter in
                { request in
                    let response = await server(request)
                    if request.path == "/todos", response.status == .unauthorized {
                        _ = await limiter.admit(request.client.key)
                    }
                    return response
                }
            }
        },
        Fault("does not count a 422", "LIMIT-9") { parts in
            parts.limiter = { FaultyLimiter($0, .refunds) }
            parts.wrap = { server, limiter in
                { request in
                    let response = await server(request)
                    if response.status == .unprocessableEntity {
                        (limiter as? FaultyLimiter)?.refund(request.client.key)
                    }
                    return response
                }
            }
        },
        Fault("does not count malformed JSON", "LIMIT-27") { parts in
            parts.limiter = { FaultyLimiter($0, .refunds) }
            parts.wrap = { server, limiter in
                { request in
                    let response = await server(request)
                    if response.text.contains("json_invalid") {
                        (limiter as? FaultyLimiter)?.refund(request.client.key)
                    }
                    return response
                }
            }
        },
        stray("counts unknown routes") { _, response in response },
        stray("denies unknown routes") { isAdmitted, response in
            isAdmitted ? response : Response(status: .tooManyRequests, detail: "Too many requests")
        },
        Fault("does not count HEAD", "LIMIT-18") { parts in
            parts.limiter = { FaultyLimiter($0, .refunds) }
            parts.wrap = { server, limiter in
                { request in
                    let response = await server(request)
                    if request.method == .HEAD { (limiter as? FaultyLimiter)?.refund(request.client.key) }
                    return response
                }
            }
        },
        Fault("denies without Retry-After", "LIMIT-12", answering: { $1.remove("Retry-After") }),
        Fault(
            "rounds Retry-After down", "LIMIT-13",
            answering: { _, response in
                guard let text = response["Retry-After"], let seconds = Int(text) else { return }
                response["Retry-After"] = String(seconds - 1)
            }),
        Fault(
            "always sends Retry-After: 10", "LIMIT-12",
            answering: { if $1.status == .tooManyRequests { $1["Retry-After"] = "10" } }),
        Fault(
            "always sends Retry-After: 1", "LIMIT-12",
            answering: { if $1.status == .tooManyRequests { $1["Retry-After"] = "1" } }),
        Fault("does not send RateLimit", "LIMIT-14", answering: { $1.remove("RateLimit") }),
        Fault(
            "always reports that 10 s are left", "LIMIT-14",
            answering: { _, response in
                if let field = response["RateLimit"] { response["RateLimit"] = field.prefix { $0 != "t" } + "t=10" }
            }),
        Fault("does not send RateLimit-Policy", "LIMIT-14", answering: { $1.remove("RateLimit-Policy") }),
        Fault(
            "does not send RateLimit with errors", "LIMIT-15",
            answering: { if $1.status.code >= 400, $1.status != .tooManyRequests { $1.remove("RateLimit") } }),
        Fault(
            "does not send RateLimit with 204", "LIMIT-28",
            answering: { if $1.status == .noContent { $1.remove("RateLimit") } }),
        Fault(
            "denies with 503", "LIMIT-1",
            answering: { if $1.status == .tooManyRequests { $1.status = .serviceUnavailable } }),
        Fault(
            "denies with another message", "LIMIT-2",
            answering: { if $1.status == .tooManyRequests { $1.text = #"{"detail":"Rate limit exceeded"}"# } }),
        Fault("limits the documentation", "DOCS-3") { parts in
            parts.wrap = { server, limiter in
                { request in
                    if request.path == "/docs", await !limiter.admit(request.client.key).isAdmitted {
                        return Response(status: .tooManyRequests, detail: "Too many requests")
                    }
                    return await server(request)
                }
            }
        },
        Fault("limits /health", "HEALTH-5") { parts in
            parts.wrap = { server, limiter in
                { request in
                    if request.path == "/health", await !limiter.admit(request.client.key).isAdmitted {
                        return Response(status: .tooManyRequests, detail: "Too many requests")
                    }
                    return await server(request)
                }
            }
        },
        Fault("does not limit logins", "LIMIT-19") { $0.loginLimiter = { _ in nil } },
        Fault("limits registrations separately from logins", "LIMIT-19") {
            $0.registerLimiter = { EmbeddedRateLimiter(bucket: $0) }
        },
        Fault("counts logins by reading and then writing", "LIMIT-20") {
            $0.loginLimiter = { FaultyLimiter($0, .race) }
        },
        Fault("limits separately in each instance", "LIMIT-21") { $0.sharesLimiter = false },
    ]
}

extension Response {
    subscript(name: String) -> String? {
        get { headers.first { $0.name == name }?.value }
        set {
            remove(name)
            if let newValue { headers.append(.init(name, newValue)) }
        }
    }

    mutating func remove(_ name: String) { headers.removeAll { $0.name == name } }

    /// The body.
    var text: String {
        get { "\(body.prefix)" + (body.bytes.map { String(buffer: $0) } ?? "") + "\(body.suffix)" }
        set { body = Body(bytes: .init(string: newValue)) }
    }
}
