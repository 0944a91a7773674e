/// Reads of one object that contradict the order in which its values were written.
package struct Freshness: Equatable, Sendable {
    package var reads = 0
    /// Reads for which several values are correct, because writes overlapped them or each other.
    package var ambiguous = 0
    package var stale: [StaleRead] = []
    /// Reads that show a value before any write of it was sent.
    package var phantoms: [RegisterHistory.Access] = []
    /// Reads that show a value again after its deletion was observed.
    package var resurrected: [RegisterHistory.Access] = []
    /// Reads that show an older value than an earlier read of the same user did.
    package var backwards: [RegisterHistory.Access] = []
    /// Reads that show an older value than the same user had written.
    package var ownMissed: [StaleRead] = []
    /// Whether the object's last read is stale.
    package var isLost = false
    package var curve = StalenessCurve()

    /// - Parameter anonymous: the user number of requests that name no user. They may be from several, so they
    ///   are not checked against each other.
    package init(_ history: RegisterHistory, anonymous: UInt32? = nil) {
        let ambiguity = Ambiguity(history.writes.map(\.interval))
        let writes = RegisterWrites(history.writes)
        let acknowledgements = Acknowledgements(history.writes.lazy.map(\.interval))
        reads = history.reads.count
        // The value before the first write appears in no write; without such a value the object was absent then.
        let initial = history.reads.lazy.compactMap(\.value).first { !writes.isWritten($0) }
        let explanations = history.reads.map { writes.explanation(of: $0.value, by: $0.interval.received) }
        for (read, shown) in zip(history.reads, explanations) {
            let newer = Self.newer(read, shown, isInitial: read.value == initial, writes.firstWrite)
            switch newer {
            case .unexplained: phantoms.append(read)
            case .stale(let write): stale.append(StaleRead(read: read, write: write))
            case .fresh: break
            }
            if let elapsed = acknowledgements.elapsed(before: read.interval.sent) {
                curve.note(elapsed, isStale: newer.isStale)
            }
            isLost = newer.isStale
            if ambiguity.overlaps(read.interval) || ambiguity.isUnordered(read.interval, latestSent: shown?.latestSent)
            {
                ambiguous += 1
            }
        }
        noteBackwards(history, explanations, anonymous)
        noteResurrected(history.reads, explanations, writes)
    }

    private enum Newer {
        case fresh, unexplained
        case stale(RegisterHistory.Access)

        var isStale: Bool { if case .stale = self { true } else { false } }
    }

    /// Whether all that may explain a read was overwritten before it was sent.
    ///
    /// - Parameters:
    ///   - shown: the writes of the value that it shows.
    ///   - isInitial: whether it may show the value from before the first write.
    private static func newer(
        _ read: RegisterHistory.Access, _ shown: RegisterWrites.Explanation?, isInitial: Bool,
        _ firstWrite: RegisterHistory.Access?
    ) -> Newer {
        var newer: RegisterHistory.Access?
        var isExplained = false
        /// Returns false if the explanation may be current.
        func consider(_ overwriter: RegisterHistory.Access?) -> Bool {
            isExplained = true
            guard let overwriter, overwriter.interval.received < read.interval.sent else { return false }
            if newer.map({ overwriter.interval.received > $0.interval.received }) ?? true { newer = overwriter }
            return true
        }
        if let shown, !consider(shown.overwriter) { return .fresh }
        if isInitial, !consider(firstWrite) { return .fresh }
        guard isExplained else { return .unexplained }
        return newer.map { .stale($0) } ?? .fresh
    }

    /// Compares each user's reads with the user's earlier reads and writes.
    private mutating func noteBackwards(
        _ history: RegisterHistory, _ explanations: [RegisterWrites.Explanation?], _ anonymous: UInt32?
    ) {
        let reads = history.reads
        let named = reads.indices.filter { reads[$0].user != anonymous }
        guard !named.isEmpty else { return }
        let ownWrites = Dictionary(grouping: history.writes, by: \.user)
        for (user, own) in Dictionary(grouping: named, by: { reads[$0].user }) {
            let ended = own.sorted { reads[$0].interval.received < reads[$1].interval.received }
            let written = (ownWrites[user] ?? []).sorted { $0.interval.received < $1.interval.received }
            var (next, nextWrite) = (0, 0)
            // When the newest write that an earlier read showed was sent, and the newest of the user's own writes.
            var newest = Int64.min
            var newestOwn: RegisterHistory.Access?
            for index in own {
                let read = reads[index]
                while next < ended.count, reads[ended[next]].interval.received < read.interval.sent {
                    if reads[ended[next]].value != nil, let shown = explanations[ended[next]] {
                        newest = max(newest, shown.earliestSent)
                    }
                    next += 1
                }
                while nextWrite < written.count, written[nextWrite].interval.received < read.interval.sent {
                    let write = written[nextWrite]
                    if newestOwn.map({ write.interval.sent > $0.interval.sent }) ?? true { newestOwn = write }
                    nextWrite += 1
                }
                // The initial value is older than all.
                let latest = explanations[index]?.latestReceived ?? .min
                if latest < newest { backwards.append(read) }
                if let newestOwn, latest < newestOwn.interval.sent {
                    ownMissed.append(StaleRead(read: read, write: newestOwn))
                }
            }
        }
        backwards.sort { $0.interval.sent < $1.interval.sent }
        ownMissed.sort { $0.read.interval.sent < $1.read.interval.sent }
    }

    private mutating func noteResurrected(
        _ reads: [RegisterHistory.Access], _ explanations: [RegisterWrites.Explanation?], _ writes: RegisterWrites
    ) {
        guard let firstWrite = writes.firstWrite else { return }
        // Only a read that was sent after the first write was acknowledged certainly shows a deletion.
        let absent = reads.filter { $0.value == nil && firstWrite.interval.received < $0.interval.sent }
            .sorted { $0.interval.received < $1.interval.received }
        guard !absent.isEmpty else { return }
        var next = 0
        // When the newest deletion that was observed was sent.
        var observed = Int64.min
        for (read, shown) in zip(reads, explanations) {
            while next < absent.count, absent[next].interval.received < read.interval.sent {
                observed = max(observed, writes.earliestDeletion(shownBy: absent[next].interval) ?? .min)
                next += 1
            }
            if read.value != nil, shown?.latestReceived ?? .min < observed { resurrected.append(read) }
        }
    }
}
