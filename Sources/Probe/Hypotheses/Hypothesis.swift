/// A kind of limiter with the limits that could still explain what was observed.
///
/// Limits are searched by branch and prune: a box of limits is dropped only if no history with any limit in it explains
/// the evidence, and is halved otherwise. So the true limit is never dropped, and what is left when evidence runs out
/// is what is not known.
struct Hypothesis: Equatable, Sendable {
    let kind: LimiterKind
    /// Whether requests in flight together may exceed the limit.
    let leaks: Bool
    /// For a sliding counter, by how much a request must be below the limit. Implementations round differently.
    let margin: Double
    private(set) var boxes: [Box]

    /// Boxes are halved until there are more than this. New evidence makes them fewer, and then they are halved again.
    private static let mostBoxes = 128

    init(_ kind: LimiterKind, leaks: Bool, margin: Double = 0, within box: Box) {
        self.kind = kind
        self.margin = margin
        self.leaks = leaks
        boxes = [box]
    }

    var isRefuted: Bool { boxes.isEmpty }

    /// Bounds on the limits that are left.
    var hull: Box? { boxes.dropFirst().reduce(boxes.first) { $0?.union($1) } }

    /// One of the boxes that are left, in the middle of the list.
    var middle: Box? { boxes.isEmpty ? nil : boxes[boxes.count / 2] }

    /// Drops the limits that all of the evidence, old and new, rules out.
    mutating func refute(with evidence: [Batch]) {
        let evidence = kind == .slidingWindowOfAll ? evidence : Self.essential(evidence)
        boxes = boxes.filter { explains(evidence, $0) }
        while !boxes.isEmpty, boxes.count <= Self.mostBoxes {
            var smaller: [Box] = []
            var isDivided = false
            for box in boxes {
                guard let (one, other) = box.halves else {
                    smaller.append(box)
                    continue
                }
                isDivided = true
                for half in [one, other] where explains(evidence, half) { smaller.append(half) }
            }
            boxes = smaller
            if !isDivided { return }
        }
    }

    /// Takes the limits that are left from a hypothesis that the evidence cannot tell from this one.
    mutating func adopt(_ other: Hypothesis) { boxes = other.boxes }

    /// The evidence without denials that a later one implies: without an admission in between, a limiter only recovers.
    private static func essential(_ evidence: [Batch]) -> [Batch] {
        evidence.indices.filter { index in
            guard index + 1 < evidence.count else { return true }
            let (batch, next) = (evidence[index], evidence[index + 1])
            return batch.possible > 0 || next.possible > 0 || next.denied == 0
        }.map { evidence[$0] }
    }

    /// Whether some history with a limit in the box explains the evidence. May be true without one, never false with
    /// one.
    func explains(_ evidence: [Batch], _ box: Box) -> Bool {
        switch kind {
        case .slidingWindow: SlidingWindowReplay(box, leaks: leaks).explains(evidence)
        case .slidingWindowOfAll: SlidingWindowReplay(box, leaks: leaks, countsDenied: true).explains(evidence)
        case .fixedWindow: FixedWindowReplay(box, leaks: leaks).explains(evidence)
        case .alignedWindow: AlignedReplay(box, leaks: leaks).explains(evidence)
        case .slidingCounter: AlignedReplay(box, leaks: leaks, margin: margin).explains(evidence)
        case .tokenBucket: TokenBucketReplay(box, leaks: leaks).explains(evidence)
        }
    }
}
