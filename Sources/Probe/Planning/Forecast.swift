/// A limiter with known limits that decides at once: what a hypothesis predicts.
struct Forecast {
    let kind: LimiterKind
    let limit: Int
    /// The window, or the time in which a token bucket gains one token.
    let length: Double
    /// Where the windows of the server's clock begin.
    let phase: Double

    /// The admissions, and for one kind also the denials, that still count.
    private var recent: [Double] = []
    private var (window, previous, current) = (0.0, 0, 0)
    private var level: Double
    private var last = 0.0

    init(_ kind: LimiterKind, limit: Int, length: Double, phase: Double) {
        self.kind = kind
        self.limit = limit
        self.length = length
        self.phase = phase
        level = Double(limit)
        window = -.infinity
    }

    /// Asks for `count` admissions at an instant.
    ///
    /// - Returns: how many are granted. If fewer, one more request was denied.
    mutating func admit(_ count: Int, at now: Double) -> Int {
        switch kind {
        case .slidingWindow, .slidingWindowOfAll:
            recent.removeAll { now - $0 >= length }
            let granted = max(0, min(count, limit - recent.count))
            let isDenied = granted < count && kind == .slidingWindowOfAll
            recent += Array(repeating: now, count: granted + (isDenied ? 1 : 0))
            return granted
        case .fixedWindow:
            if now - window >= length { (window, current) = (now, 0) }
        case .alignedWindow, .slidingCounter:
            let start = ((now - phase) / length).rounded(.down)
            if start != window {
                previous = start == window + 1 ? current : 0
                (window, current) = (start, 0)
            }
            if kind == .slidingCounter {
                let weight = 1 - ((now - phase) / length - start)
                let room = (Double(limit) - Double(previous) * weight - Double(current)).rounded(.up)
                let granted = max(0, min(count, Int(room)))
                current += granted
                return granted
            }
        case .tokenBucket:
            level = min(Double(limit), level + (now - last) / length)
            last = now
            let granted = max(0, min(count, Int(level)))
            level -= Double(granted)
            return granted
        }
        let granted = max(0, min(count, limit - current))
        current += granted
        return granted
    }
}
