extension LimitProbe {
    /// Concludes whether clients that wait for `Retry-After` are admitted, and not much later than necessary.
    mutating func concludeRetryAfter() {
        let promises = history.promises
        if promises.promising == 0 {
            findings.retryAfter =
                promises.silent > 0 ? Finding("absent", .certain, "\(promises.silent) denials say nothing") : Finding()
        } else if promises.broken > 0 {
            findings.retryAfter = Finding(
                "too early", .certain, "\(promises.broken) requests were denied after the promised time")
        } else if promises.late > 0 {
            findings.retryAfter = Finding(
                "too late", .certain,
                "\(promises.late) requests were admitted more than a second before the promised time")
        } else if promises.kept > 0 {
            findings.retryAfter = Finding("accurate", .likely, "\(promises.kept) promises were kept to the second")
        }
    }

    /// Concludes whether the `RateLimit` fields say what happens.
    mutating func concludeFields() {
        let record = history.fields
        guard record.present > 0 else {
            findings.fields =
                record.absent > 0
                ? Finding("absent", .certain, "\(record.absent) responses have no RateLimit field") : Finding()
            return
        }
        var wrong = record.errors
        // The quota of a token bucket need not be its burst.
        if let limit = findings.limit.value, findings.kind.value != LimiterKind.tokenBucket.name,
            let named = record.limits.first(where: { $0 != limit })
        {
            wrong.append("the limit field says \(named), but the limit is \(limit)")
        }
        if let first = wrong.first {
            let others = wrong.count > 1 ? ", and \(wrong.count - 1) more" : ""
            findings.fields = Finding("wrong", .certain, first + others)
        } else if record.confirmed > 0 {
            findings.fields = Finding("accurate", .likely, "\(record.confirmed) denials agree with the fields")
        } else {
            findings.fields.evidence = "no denial shows whether the fields are accurate"
        }
    }
}
