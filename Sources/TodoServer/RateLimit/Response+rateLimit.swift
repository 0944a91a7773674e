import NIOHTTP1

extension Response {
    /// The handler's response if the request is admitted, and 429 otherwise.
    ///
    /// The response carries the rate limit fields in either case, and if the handler throws. Without a limiter the
    /// handler runs and no fields are added.
    /// - Parameter key: identifies the client.
    static func limited(
        by limiter: (any RateLimiter)?, _ key: @autoclosure () -> String, _ handler: () async throws -> Response
    ) async -> Response {
        guard let limiter else { return await rendered(handler) }
        return await limited(limiter.admit(key()), by: limiter.bucket, handler)
    }

    /// The response to a request about which the limiter has decided already.
    static func limited(
        _ admission: Admission, by bucket: RateLimitBucket, _ handler: () async throws -> Response
    ) async -> Response {
        var response: Response
        if admission.isAdmitted {
            bucket.admissions.add()
            response = await rendered(handler)
        } else {
            bucket.denials.add()
            response = Response(
                status: .tooManyRequests, json: #"{"detail":"Too many requests"}"#,
                headers: [.init("Retry-After", String(admission.resetSeconds))])
        }
        response.headers.append(.init("RateLimit-Policy", bucket.policyField))
        response.headers.append(
            .init("RateLimit", bucket.field(for: admission)))
        return response
    }

    private static func rendered(_ handler: () async throws -> Response) async -> Response {
        do {
            return try await handler()
        } catch {
            return Response(error)
        }
    }
}
