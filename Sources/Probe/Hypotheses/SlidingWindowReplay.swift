/// Whether at most L admissions in any stretch of W explain the evidence.
///
/// What was admitted before the probe is unknown, so a denial proves nothing until a whole window has passed.
struct SlidingWindowReplay {
    private let box: Box
    private let leaks: Bool
    private let countsDenied: Bool

    init(_ box: Box, leaks: Bool, countsDenied: Bool = false) {
        self.box = box
        self.leaks = leaks
        self.countsDenied = countsDenied
    }

    func explains(_ evidence: [Batch]) -> Bool {
        guard let begin = evidence.first?.start else { return true }
        // The batches from which on all were certainly, or possibly, within the window; and how many they counted.
        var (surelyFrom, surely) = (0, 0)
        var (possiblyFrom, possibly) = (0, 0)
        for (index, batch) in evidence.enumerated() {
            while surelyFrom < index, batch.end - evidence[surelyFrom].start >= box.length.lowerBound {
                surely -= least(evidence[surelyFrom])
                surelyFrom += 1
            }
            while possiblyFrom < index, batch.start - evidence[possiblyFrom].end >= box.length.upperBound {
                possibly -= most(evidence[possiblyFrom])
                possiblyFrom += 1
            }
            if batch.admitted > 0, !batch.mayExceed(leaks: leaks) {
                let own = batch.end - batch.start < box.length.lowerBound ? batch.admitted : 1
                if surely + own > box.count.upperBound { return false }
            }
            if batch.denied > 0, batch.start - begin > box.length.upperBound {
                let own = batch.possible + (countsDenied ? batch.denied - 1 : 0)
                if possibly + own < box.count.lowerBound { return false }
            }
            surely += least(batch)
            possibly += most(batch)
        }
        return true
    }

    private func least(_ batch: Batch) -> Int { batch.counted(leaks: leaks) + (countsDenied ? batch.denied : 0) }
    private func most(_ batch: Batch) -> Int { batch.possible + (countsDenied ? batch.denied : 0) }
}
