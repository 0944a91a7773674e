import NIOHTTP1

/// Runs the handler if the request is admitted, and returns 429 otherwise.
///
/// The response carries the rate limit fields in either case, and if the handler throws. Without a limiter the handler
/// runs and no fields are added.
func admitted(
    _ key: @autoclosure () -> String, by limiter: (any RateLimiter)?, _ handler: () async throws -> Response
) async -> Response {
    guard let limiter else { return await rendered(handler) }
    let admission = await limiter.admit(key())
    return await answer(admission, of: limiter.bucket, handler)
}

func answer(
    _ admission: Admission, of bucket: RateLimitBucket, _ handler: () async throws -> Response
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
        .init("RateLimit", "\"\(bucket.name)\";r=\(admission.remaining);t=\(admission.resetSeconds)"))
    return response
}

private func rendered(_ handler: () async throws -> Response) async -> Response {
    do {
        return try await handler()
    } catch {
        return Response(error)
    }
}
