/// Checks whether each element of a set is a linearizable register that is first absent, then present, then absent.
///
/// The creation takes effect at an instant c and the deletion at d. Reads that show the element need an instant between
/// them, other reads one outside. The later c and the earlier d, the easier it is for reads that do not show it; so it
/// suffices to try the latest c and the earliest d that the others allow.
struct SetOrder: Equatable {
    /// The elements that no order explains, each with a read that contradicts the others if there is one.
    var contradictions: [Contradiction] = []
    var checked = 0
    var unchecked = 0

    struct Contradiction: Equatable {
        var element: SetHistory.Element
        var read: RegisterHistory.Access?
    }

    init(_ history: SetHistory) {
        let elements = history.elements
        unchecked = elements.count { $0.isRepeated }
        checked = elements.count - unchecked
        // Of the reads that show an element: the earliest end, and the latest begin.
        var ends = [Int64](repeating: .max, count: elements.count)
        var begins = [Int64](repeating: .min, count: elements.count)
        for read in history.reads {
            for element in read.shown {
                ends[element] = min(ends[element], read.interval.received)
                begins[element] = max(begins[element], read.interval.sent)
            }
        }
        var wrong = [Int: Int?]()
        var presences: [Presence] = []
        for (index, element) in elements.enumerated() where !element.isRepeated {
            let created = element.creation?.interval ?? Interval(sent: .min, received: .min)
            let deleted = element.deletion?.interval ?? Interval(sent: .max, received: .max)
            // What no read shows may never have existed, unless its creation was acknowledged.
            if created.received == Interval.never || element.creation == nil, ends[index] == .max { continue }
            let creation = min(created.received, ends[index])
            let deletion = max(deleted.sent, begins[index])
            if creation < created.sent || deletion > deleted.received {
                wrong[index] = .some(nil)
            } else if creation < deletion {
                presences.append(Presence(element: index, from: creation, until: deletion))
            }
        }
        Presence.forEachMissing(presences, in: history.reads, onlyFirst: true) { element, read in
            wrong[element] = read
        }
        contradictions = wrong.sorted { $0.key < $1.key }.map { index, read in
            Contradiction(
                element: elements[index],
                read: read.map {
                    RegisterHistory.Access(
                        interval: history.reads[$0].interval, value: elements[index].number,
                        user: history.reads[$0].user)
                })
        }
    }
}
