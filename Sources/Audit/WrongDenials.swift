/// Checks the denials of one key: a denial is right only if a compliant limiter may have had no room.
package struct WrongDenials: Equatable, Sendable {
    package var denials = 0
    /// Denials at which every history that the trace allows had room.
    package var wrong = 0
    /// Denials at which no history had room.
    package var right = 0
    /// The wrong denial at which the fewest admissions may have counted, and their number.
    package var worst: (denial: Interval, counted: Int)?

    /// False if the times are too long for exact arithmetic; the counts are then meaningless.
    package var isChecked = true

    package static func == (left: WrongDenials, right: WrongDenials) -> Bool {
        left.denials == right.denials && left.wrong == right.wrong && left.right == right.right
            && left.worst?.denial == right.worst?.denial && left.worst?.counted == right.worst?.counted
    }

    /// For windows of any kind: a denial at an instant in [s, r] looks back no further than s − length.
    ///
    /// - Parameter isSliding: whether the window is exactly the last `length`, so that a denial can be shown to be right.
    package init(_ admissions: Admissions, limit: Int, length: Int64, isSliding: Bool) {
        denials = admissions.denied.count
        let sent = admissions.possible.map(\.sent)
        let received = admissions.possible.map(\.received).sorted()
        let certainSent = admissions.certain.map(\.sent)
        let certainReceived = admissions.certain.map(\.received).sorted()
        for denial in admissions.denied {
            // Sent by r and not received by s − length.
            let counted = sent.count(upTo: denial.received) - received.count(upTo: denial.sent - length)
            if counted < limit {
                note(denial, counted)
            } else if isSliding {
                // Sent after r − length, minus those not received before s.
                let surely =
                    certainSent.count - certainSent.count(upTo: denial.received - length)
                    - (certainReceived.count - certainReceived.count(upTo: denial.sent - 1))
                if surely >= limit { right += 1 }
            }
        }
    }

    /// For a token bucket: a denial is wrong if a token was left at s, whatever was admitted by r.
    package init(_ admissions: Admissions, _ bucket: TokenBucket) {
        denials = admissions.denied.count
        guard let first = admissions.denied.first?.sent else { return }
        let origin = min(admissions.possible.first?.sent ?? first, first)
        guard bucket.isExact(admissions, origin) else {
            isChecked = false
            return
        }
        let possible = admissions.possible.map { $0.moved(by: origin) }
        var stretches = PossibleStretches(bucket, possible)
        var next = 0
        for denial in admissions.denied.sorted(by: { $0.received < $1.received }) {
            let moved = denial.moved(by: origin)
            while next < possible.count, possible[next].sent <= moved.received {
                stretches.insert(next)
                next += 1
            }
            stretches.activate(upTo: moved.sent)
            let most = stretches.most(endingAt: moved.sent)
            // One more would still have been within B + n(s − a)/T for every start a.
            let room = bucket.burst * bucket.period + bucket.tokens * moved.sent - most
            if room >= bucket.period { note(denial, Int(bucket.burst - room / bucket.period)) }
        }
    }

    private mutating func note(_ denial: Interval, _ counted: Int) {
        wrong += 1
        if worst.map({ counted < $0.counted }) ?? true { worst = (denial, counted) }
    }

    package var verdict: AuditVerdict {
        if wrong > 0 { return .failed }
        if !isChecked { return .undecided }
        return right == denials ? .proved : .consistent
    }
}

extension [Int64] {
    /// The number of elements that are at most `bound`, in a sorted array.
    fileprivate func count(upTo bound: Int64) -> Int { partitioningIndex { $0 > bound } }
}
