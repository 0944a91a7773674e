/// Whether a bucket of B tokens that gains one in each period explains the evidence.
///
/// Follows bounds on the level at the instant each batch begins. These instants are known exactly; only the decisions
/// lie somewhere in the batch, so their uncertainty does not add up.
struct TokenBucketReplay {
    private let box: Box
    private let leaks: Bool

    /// For rounding of the arithmetic here and in the server.
    private static let tolerance = 0.01

    init(_ box: Box, leaks: Bool) {
        self.box = box
        self.leaks = leaks
    }

    func explains(_ evidence: [Batch]) -> Bool {
        var (low, high) = (0.0, Double(box.count.upperBound))
        var instant = evidence.first?.start ?? 0
        for batch in evidence {
            let elapsed = batch.start - instant
            instant = batch.start
            // What a decision at the end of the batch may have gained since its beginning.
            let gain = (batch.end - batch.start) / box.length.lowerBound
            high = min(high + elapsed / box.length.lowerBound, Double(box.count.upperBound))
            low += elapsed / box.length.upperBound
            // The least that the first decision found. A full bucket holds exactly B, so only the rest is tolerant.
            let found = min(low - Self.tolerance, Double(box.count.lowerBound))
            low = min(low, Double(box.count.lowerBound) - gain)
            let admitted = Double(batch.admitted)
            if batch.mayExceed(leaks: leaks) {
                high -= Double(batch.counted(leaks: true))
                low -= Double(batch.possible)
            } else {
                // A long batch may have filled the bucket in between.
                guard batch.admitted == 0 || high + gain + Self.tolerance >= admitted else { return false }
                // A bucket that leaks may owe tokens, so that nothing follows from no admission.
                if batch.admitted > 0 {
                    low = max(low, admitted - gain - Self.tolerance)
                    high = max(high, admitted - gain) - admitted
                }
                low -= Double(batch.possible)
            }
            if batch.denied > 0 {
                guard found - Double(batch.possible) < 1 else { return false }
                high = min(high, 1 + Self.tolerance)
            }
            high = max(high, low)
        }
        return true
    }
}
