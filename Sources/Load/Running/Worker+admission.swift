/// A virtual user that obeys `Retry-After` (RFC 9110 section 10.2.3): it waits, and sends a denied request again.
extension Worker where Transport: ~Copyable {
    /// How long a user waits if the response does not say.
    private static var wait: Nanoseconds { 1_000_000_000 }
    private static var longestWait: UInt64 { 3600 }

    /// Notes whether a response denies its request.
    /// - Returns: how long to wait before the request is sent again; nil if it was not denied.
    mutating func noteAdmission(_ response: RememberedJudge.Response, at received: Nanoseconds) -> Nanoseconds? {
        let connection = connections + Int(response.connection - UnsafePointer(connections))
        guard connection.pointee.parser.status == 429 else {
            if connection.pointee.deniedSince != 0, connection.pointee.isCounted {
                recorder.recordAdmission(step: response.step, after: received &- connection.pointee.deniedSince)
            }
            return nil
        }
        if connection.pointee.deniedSince == 0 { connection.pointee.deniedSince = connection.pointee.intendedAt }
        let parser = connection.pointee.parser
        let head = UnsafeRawBufferPointer(rebasing: response.bytes[parser.headStart..<parser.bodyStart])
        guard case .one(let range) = head.bytes.soleField(named: "retry-after"),
            let seconds = UInt64(String(decoding: head[range], as: UTF8.self))
        else { return Self.wait }
        return min(seconds, Self.longestWait) * 1_000_000_000
    }

    /// Records the requests that still wait to be admitted at the end of the measurement.
    mutating func recordDenied() {
        for slot in 0..<slab.count where connections[slot].deniedSince != 0 && connections[slot].state != .busy {
            recorder.recordDenied(step: Int(connections[slot].step))
        }
    }
}
