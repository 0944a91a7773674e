import Glibc
import Scenario

/// Remembers the verdict on a response by its bytes, so that the same bytes are not judged again.
///
/// The key is the status, the header lines that some check mentions, and the body. Other header lines, such as Date,
/// vary without affecting a verdict. The table is bounded in entries and in bytes, captured values included. Entries
/// form sets of four; the oldest of a set is evicted. Bytes are stored only when seen a second time, so bodies that
/// never repeat cost a hash and no memory.
struct VerdictMemo: ~Copyable {
    /// The parts of a response that a verdict depends on.
    struct Key {
        var step: Int
        /// The status code, with anything else in the status line that checks can see.
        var status: UInt16
        /// The header lines that the step's checks use, concatenated.
        var headers: UnsafeRawBufferPointer
        /// The body as received on the wire.
        var body: UnsafeRawBufferPointer
    }

    private struct Entry {
        var hash: UInt64 = 0
        var step: Int32 = -1
        var status: UInt16 = 0
        var headerCount: Int32 = 0
        var bodyCount: Int = 0
        var bytes: UnsafeMutableRawPointer?
        /// Bytes that this entry counts towards the limit.
        var held: Int = 0
        var value: Int32 = 0
    }

    private static var ways: Int { 4 }

    private let entries: UnsafeMutablePointer<Entry>
    /// Hashes that have been seen once, indexed by their low bits.
    private let sightings: UnsafeMutablePointer<UInt64>
    /// For each step, the entry it found last: most responses repeat the previous one.
    private let latest: UnsafeMutablePointer<Int32>
    private let setMask: Int
    private let capacity: Int
    private let steps: Int
    private let byteLimit: Int
    /// Captured values, by entry.
    private(set) var captured: [Int: UserVariables.Values] = [:]
    private(set) var bytesHeld = 0
    private(set) var count = 0
    private var victim = 0

    /// - Parameters:
    ///   - steps: the number of steps; a key's step is below it.
    ///   - capacity: the maximum number of entries, a power of two of at least 4.
    ///   - byteLimit: the maximum number of bytes of responses and captured values. A single entry may take an eighth
    ///     of it.
    init(steps: Int, capacity: Int = 4096, byteLimit: Int = 16 << 20) {
        precondition(capacity >= Self.ways && capacity & (capacity - 1) == 0)
        self.capacity = capacity
        self.steps = steps
        self.byteLimit = byteLimit
        setMask = capacity / Self.ways - 1
        entries = .allocate(capacity: capacity)
        entries.initialize(repeating: Entry(), count: capacity)
        sightings = .allocate(capacity: capacity)
        sightings.initialize(repeating: 0, count: capacity)
        latest = .allocate(capacity: max(steps, 1))
        latest.initialize(repeating: 0, count: max(steps, 1))
    }

    deinit {
        for index in 0..<capacity { entries[index].bytes?.deallocate() }
        entries.deallocate()
        sightings.deallocate()
        latest.deallocate()
    }

    /// The value remembered for these bytes, or nil.
    @inline(__always)
    mutating func value(for key: Key) -> Int32? {
        guard let entry = entry(for: key) else { return nil }
        return entries[entry].value
    }

    /// The index of the entry with these bytes, or nil. Valid until the next call of ``remember(_:for:captures:)``.
    @inline(__always)
    mutating func entry(for key: Key) -> Int? {
        let recent = Int(latest[key.step])
        return matches(entries[recent], key) ? recent : search(key)
    }

    func value(_ entry: Int) -> Int32 { entries[entry].value }

    /// The values captured from the entry's bytes.
    func captures(_ entry: Int) -> UserVariables.Values { captured[entry] ?? [:] }

    private mutating func search(_ key: Key) -> Int? {
        let hash = Self.hash(key)
        let set = (Int(truncatingIfNeeded: hash >> 32) & setMask) * Self.ways
        for index in set..<(set + Self.ways) where entries[index].hash == hash && matches(entries[index], key) {
            latest[key.step] = Int32(index)
            return index
        }
        return nil
    }

    /// Records the value for these bytes, after ``value(for:)`` has found none.
    /// - Parameter captures: evaluated only if the value is stored.
    /// - Returns: whether it was stored; bytes seen for the first time are not.
    @discardableResult
    mutating func remember(
        _ value: Int32, for key: Key, captures: @autoclosure () -> UserVariables.Values = [:]
    ) -> Bool {
        let hash = Self.hash(key)
        let sighting = Int(truncatingIfNeeded: hash) & (capacity - 1)
        guard sightings[sighting] == hash else {
            sightings[sighting] = hash
            return false
        }
        return store(value, for: key, hash, captures: captures())
    }

    private mutating func store(
        _ value: Int32, for key: Key, _ hash: UInt64, captures: UserVariables.Values
    ) -> Bool {
        let length = key.headers.count + key.body.count
        let held = captures.reduce(length) { $0 + $1.key.utf8.count + $1.value.footprint }
        guard held <= byteLimit / 8 else { return false }
        if bytesHeld + held > byteLimit { forgetAll() }
        let set = (Int(truncatingIfNeeded: hash >> 32) & setMask) * Self.ways
        let index = (set..<(set + Self.ways)).first { entries[$0].bytes == nil } ?? set + nextVictim()
        forget(index)
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(length, 1), alignment: 1)
        if let base = key.headers.baseAddress { bytes.copyMemory(from: base, byteCount: key.headers.count) }
        if let base = key.body.baseAddress {
            (bytes + key.headers.count).copyMemory(from: base, byteCount: key.body.count)
        }
        entries[index] = Entry(
            hash: hash, step: Int32(key.step), status: key.status, headerCount: Int32(key.headers.count),
            bodyCount: key.body.count, bytes: bytes, held: held, value: value)
        if !captures.isEmpty { captured[index] = captures }
        bytesHeld += held
        count += 1
        latest[key.step] = Int32(index)
        return true
    }

    @inline(__always)
    private func matches(_ entry: Entry, _ key: Key) -> Bool {
        guard entry.step == Int32(truncatingIfNeeded: key.step), entry.status == key.status,
            entry.bodyCount == key.body.count, Int(entry.headerCount) == key.headers.count,
            let bytes = entry.bytes
        else { return false }
        if let base = key.headers.baseAddress, memcmp(bytes, base, key.headers.count) != 0 { return false }
        guard let base = key.body.baseAddress else { return true }
        return memcmp(bytes + key.headers.count, base, key.body.count) == 0
    }

    private static func hash(_ key: Key) -> UInt64 {
        var hash = ByteHash(seed: UInt64(key.step) << 16 | UInt64(key.status))
        hash.combine(key.headers)
        hash.combine(key.body)
        return hash.value
    }

    private mutating func nextVictim() -> Int {
        victim = (victim + 1) % Self.ways
        return victim
    }

    private mutating func forget(_ index: Int) {
        guard let bytes = entries[index].bytes else { return }
        bytes.deallocate()
        bytesHeld -= entries[index].held
        captured[index] = nil
        count -= 1
        entries[index] = Entry()
    }

    private mutating func forgetAll() {
        for index in 0..<capacity { forget(index) }
    }
}

extension JSON {
    /// The approximate number of bytes of memory that the value takes.
    fileprivate var footprint: Int {
        let own = MemoryLayout<JSON>.stride
        return switch self {
        case .null, .boolean: own
        case .number(let number): own + number.literal.utf8.count
        case .string(let text): own + text.utf8.count
        case .array(let elements): elements.reduce(own) { $0 + $1.footprint }
        case .object(let members): members.reduce(own) { $0 + $1.key.utf8.count + $1.value.footprint }
        }
    }
}
