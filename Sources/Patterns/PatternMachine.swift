/// Runs a pattern on a text, following all paths at the same time, one scalar after another. The time is at most the
/// text's length times the program's size (Pike's machine: Cox, "Regular Expression Matching: the Virtual Machine
/// Approach", 2009).
///
/// Paths are kept in the order in which a backtracking matcher would try them. The first to reach the end is the match.
struct PatternMachine {
    /// A match, as offsets in scalars. Group offsets are nil if the group captured nothing.
    struct Match {
        fileprivate(set) var start: Int
        fileprivate(set) var end = 0
        fileprivate(set) var takenStart: Int?
        fileprivate(set) var takenEnd: Int?
    }

    private let program: PatternProgram
    private let scalars: String.UnicodeScalarView
    /// For each lookaround, the positions where its body matches.
    private let looks: [[Bool]]
    private var alive: ThreadList
    private var next: ThreadList
    private var pending: [Thread] = []
    private var found: Match?
    /// Whether to find every match instead of only the first.
    private var findsAll = false

    init(_ program: PatternProgram, on text: String) {
        self.program = program
        scalars = text.unicodeScalars
        looks = program.looks.map { look in
            var machine = PatternMachine(look.program, on: text)
            return machine.places(count: text.unicodeScalars.count)
        }
        alive = ThreadList(capacity: program.instructions.count)
        next = ThreadList(capacity: program.instructions.count)
    }

    /// The leftmost match; among several, the one that a backtracking matcher would find.
    mutating func firstMatch() -> Match? {
        run(stopsEarly: false)
        return found
    }

    /// Whether there is a match anywhere.
    mutating func isFound() -> Bool {
        run(stopsEarly: true)
        return found != nil
    }

    private mutating func run(stopsEarly: Bool) {
        var place = PatternPlace(startOf: scalars)
        while true {
            if found == nil, place.offset == 0 || !program.isAnchored {
                if alive.isEmpty, !program.isAnchored { skip(&place) }
                reach(Thread(state: 0, match: Match(start: place.offset)), place)
            }
            if found != nil, stopsEarly || alive.isEmpty { return }
            guard let scalar = place.after, !alive.isEmpty || !program.isAnchored else { return }
            place.advance()
            step(scalar, place)
        }
    }

    /// Skips characters that no match can start with.
    private mutating func skip(_ place: inout PatternPlace) {
        guard let first = program.first else { return }
        while let scalar = place.after, scalar.value < 128, !first.contains(scalar.value) { place.advance() }
        alive.removeAll()
    }

    /// All positions where a match ends, or starts if the program reads backwards.
    private mutating func places(count: Int) -> [Bool] {
        findsAll = true
        var places = [Bool](repeating: false, count: count + 1)
        var place = program.isBackward ? PatternPlace(endOf: scalars, count: count) : PatternPlace(startOf: scalars)
        while true {
            reach(Thread(state: 0, match: Match(start: place.offset)), place)
            places[place.offset] = found != nil
            found = nil
            guard let scalar = program.isBackward ? place.before : place.after else { return places }
            if program.isBackward { place.retreat() } else { place.advance() }
            step(scalar, place)
        }
    }

    /// Advances every thread past a scalar. When one reaches the end, all threads after it are dropped.
    private mutating func step(_ scalar: Unicode.Scalar, _ place: PatternPlace) {
        swap(&alive, &next)
        alive.removeAll()
        for index in 0..<next.count {
            let thread = next[index]
            guard case .consume(let set) = program.instructions[thread.state] else { continue }
            guard program.classes[set].contains(scalar) else { continue }
            if reach(Thread(state: thread.state + 1, match: thread.match), place) { return }
        }
    }

    /// Adds all states that a thread reaches without consuming a scalar. True if it reaches the end.
    @discardableResult
    private mutating func reach(_ thread: Thread, _ place: PatternPlace) -> Bool {
        pending.append(thread)
        while var thread = pending.popLast() {
            guard alive.insert(thread.state) else { continue }
            switch program.instructions[thread.state] {
            case .consume:
                alive.append(thread)
                continue
            case .split(let first, let second):
                pending.append(Thread(state: second, match: thread.match))
                thread.state = first
            case .jump(let target): thread.state = target
            case .assert(let assertion):
                guard place.holds(assertion) else { continue }
                thread.state += 1
            case .look(let look):
                guard looks[look][place.offset] != program.looks[look].isNegated else { continue }
                thread.state += 1
            case .takeStart:
                thread.match.takenStart = place.offset
                thread.match.takenEnd = nil
                thread.state += 1
            case .takeEnd:
                thread.match.takenEnd = place.offset
                thread.state += 1
            case .accept:
                thread.match.end = place.offset
                found = thread.match
                if findsAll { continue }
                pending.removeAll(keepingCapacity: true)
                return true
            }
            pending.append(thread)
        }
        return false
    }
}

private struct Thread {
    var state: Int
    var match: PatternMachine.Match
}

/// The threads waiting for a scalar, in order, and the set of states reached. Of several threads in one state, only the
/// first continues. The set is cleared in constant time (Briggs and Torczon, "An Efficient Representation for Sparse
/// Sets", 1993).
private struct ThreadList {
    private var threads: [Thread] = []
    private var reached: [Int] = []
    private var places: [Int]

    init(capacity: Int) { places = Array(repeating: 0, count: capacity) }

    var count: Int { threads.count }
    var isEmpty: Bool { threads.isEmpty }
    subscript(index: Int) -> Thread { threads[index] }

    mutating func append(_ thread: Thread) { threads.append(thread) }

    mutating func removeAll() {
        threads.removeAll(keepingCapacity: true)
        reached.removeAll(keepingCapacity: true)
    }

    /// False if the state was already reached.
    mutating func insert(_ state: Int) -> Bool {
        let place = places[state]
        if place < reached.count, reached[place] == state { return false }
        places[state] = reached.count
        reached.append(state)
        return true
    }
}
