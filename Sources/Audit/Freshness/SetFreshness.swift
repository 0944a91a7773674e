/// Reads of one set that contradict when its elements were created and deleted.
struct SetFreshness: Equatable {
    var reads = 0
    /// Reads that may have overlapped a change: for those, either set is correct.
    var ambiguous = 0
    /// Reads that do not show an element although its creation was acknowledged, or show one although its deletion was.
    var missing: [StaleRead] = []
    var undeleted: [StaleRead] = []
    /// Reads that show an element before its creation was sent, or that no request created.
    var phantoms: [RegisterHistory.Access] = []
    /// Reads that show an element again after its deletion was observed.
    var resurrected: [RegisterHistory.Access] = []
    /// Reads that do not show what their own user had created or deleted.
    var ownMissed: [StaleRead] = []
    /// Elements whose creation was acknowledged and which no later read shows.
    var lost = 0
    /// Elements that were created or deleted more than once, and are not checked.
    var unchecked = 0
    var curve = StalenessCurve()

    /// - Parameter anonymous: the user number of requests that name no user. They may be from several, so they
    ///   are not checked against each other.
    init(_ history: SetHistory, anonymous: UInt32? = nil) {
        reads = history.reads.count
        unchecked = history.elements.count { $0.isRepeated }
        let ambiguity = Ambiguity(history.changes)
        ambiguous = history.reads.count { ambiguity.overlaps($0.interval) }
        var isStale = [Bool](repeating: false, count: history.reads.count)
        noteMissing(history, &isStale)
        noteShown(history, &isStale)
        let acknowledgements = Acknowledgements(history.changes)
        for (index, read) in history.reads.enumerated() {
            guard let elapsed = acknowledgements.elapsed(before: read.interval.sent) else { continue }
            curve.note(elapsed, isStale: isStale[index])
        }
        ownMissed = (missing + undeleted).filter { $0.read.user == $0.write.user && $0.read.user != anonymous }
    }

    private mutating func noteMissing(_ history: SetHistory, _ isStale: inout [Bool]) {
        let elements = history.elements
        let required = elements.indices.compactMap { index -> Presence? in
            guard !elements[index].isRepeated, let creation = elements[index].creation else { return nil }
            return Presence(
                element: index, from: creation.interval.received,
                until: elements[index].deletion?.interval.sent ?? Interval.never)
        }
        var lastShown = [Int64](repeating: .min, count: elements.count)
        var lastMissing = lastShown
        for read in history.reads {
            for element in read.shown { lastShown[element] = read.interval.sent }
        }
        Presence.forEachMissing(required, in: history.reads) { element, index in
            guard let creation = elements[element].creation else { return }
            let read = history.reads[index]
            isStale[index] = true
            lastMissing[element] = read.interval.sent
            missing.append(
                StaleRead(
                    read: RegisterHistory.Access(
                        interval: read.interval, value: elements[element].number, user: read.user),
                    write: creation))
        }
        lost = elements.indices.count { lastMissing[$0] > lastShown[$0] }
    }

    private mutating func noteShown(_ history: SetHistory, _ isStale: inout [Bool]) {
        let elements = history.elements
        let observed = Self.observedDeletions(history)
        let absent = Self.observedAbsences(history)
        for (index, read) in history.reads.enumerated() {
            for element in read.shown where !elements[element].isRepeated {
                let access = RegisterHistory.Access(
                    interval: read.interval, value: elements[element].number, user: read.user)
                if let creation = elements[element].creation {
                    if creation.interval.sent > read.interval.received { phantoms.append(access) }
                } else if absent[element] < read.interval.sent {
                    phantoms.append(access)
                }
                if let deletion = elements[element].deletion, deletion.interval.received < read.interval.sent {
                    isStale[index] = true
                    undeleted.append(StaleRead(read: access, write: deletion))
                }
                if observed[element] < read.interval.sent { resurrected.append(access) }
            }
        }
    }

    /// For each element that no request created or deleted, when a read ended that did not show it.
    private static func observedAbsences(_ history: SetHistory) -> [Int64] {
        var observed = [Int64](repeating: Interval.never, count: history.elements.count)
        let unwritten = history.elements.indices.filter {
            history.elements[$0].creation == nil && history.elements[$0].deletion == nil
        }
        let presences = unwritten.map { Presence(element: $0, from: .min, until: Interval.never) }
        Presence.forEachMissing(presences, in: history.reads, onlyFirst: true) { element, index in
            observed[element] = history.reads[index].interval.received
        }
        return observed
    }

    /// For each element, when a read ended that certainly observed its deletion.
    private static func observedDeletions(_ history: SetHistory) -> [Int64] {
        var observed = [Int64](repeating: Interval.never, count: history.elements.count)
        let deleted = history.elements.indices.compactMap { index -> Presence? in
            let element = history.elements[index]
            guard !element.isRepeated, let deletion = element.deletion else { return nil }
            // A read that was sent after the creation was acknowledged and does not show the element observed the
            // deletion, or is stale.
            return Presence(
                element: index, from: max(element.creation?.interval.received ?? .min, deletion.interval.sent),
                until: Interval.never)
        }
        Presence.forEachMissing(deleted, in: history.reads, onlyFirst: true) { element, index in
            observed[element] = history.reads[index].interval.received
        }
        return observed
    }
}

/// An element that every read must show that was sent after `from` and ended before `until`.
struct Presence {
    var element: Int
    var from: Int64
    var until: Int64

    /// Calls the body for each read that does not show an element, in the order of reads.
    ///
    /// Takes time in proportion to what the reads should show.
    ///
    /// - Parameter onlyFirst: whether an element is left alone after its first missing read.
    static func forEachMissing(
        _ presences: [Presence], in reads: [SetHistory.Read], onlyFirst: Bool = false,
        _ body: (_ element: Int, _ read: Int) -> Void
    ) {
        let waiting = presences.sorted { $0.from < $1.from }
        var next = 0
        var live: [Presence] = []
        var lastShown = [Int](repeating: -1, count: (presences.map(\.element).max() ?? -1) + 1)
        for (index, read) in reads.enumerated() {
            while next < waiting.count, waiting[next].from < read.interval.sent {
                live.append(waiting[next])
                next += 1
            }
            guard !live.isEmpty else { continue }
            for element in read.shown where element < lastShown.count { lastShown[element] = index }
            var kept = 0
            for position in live.indices {
                let presence = live[position]
                // Later reads are sent later still.
                if presence.until <= read.interval.sent { continue }
                if presence.until > read.interval.received, lastShown[presence.element] != index {
                    body(presence.element, index)
                    if onlyFirst { continue }
                }
                live[kept] = presence
                kept += 1
            }
            live.removeLast(live.count - kept)
        }
    }
}
