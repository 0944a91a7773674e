import Glibc

/// Remembers what was made of a response by the response's bytes, so that the same bytes are not judged again.
///
/// An answer of the server is looked at by status, the header lines that some check mentions, and body; others, like
/// Date, differ every time and change no verdict. The table is bounded: sets of four entries, the oldest of a set makes
/// room. Bytes are copied in only when they come a second time, so that bodies which never repeat cost a hash and
/// no memory.
struct VerdictMemo: ~Copyable {
    /// The parts of a response that a verdict depends on.
    struct Key {
        var step: Int
        /// The status code, and whatever else of the status line matters.
        var status: UInt16
        /// The header lines that matter to the step, one after another.
        var headers: UnsafeRawBufferPointer
        /// The body as it came over the wire.
        var body: UnsafeRawBufferPointer
    }

    private struct Entry {
        var hash: UInt64 = 0
        var step: Int32 = -1
        var status: UInt16 = 0
        var headerCount: Int32 = 0
        var bodyCount: Int = 0
        var bytes: UnsafeMutableRawPointer?
        var value: Int32 = 0
    }

    private static var ways: Int { 4 }

    private let entries: UnsafeMutablePointer<Entry>
    /// Hashes that have been seen once, by their low bits.
    private let sightings: UnsafeMutablePointer<UInt64>
    /// For each step the entry that it found last: most answers are the last one again.
    private let latest: UnsafeMutablePointer<Int32>
    private let setMask: Int
    private let capacity: Int
    private let steps: Int
    private let byteLimit: Int
    private(set) var bytesHeld = 0
    private(set) var count = 0
    private var victim = 0

    /// - Parameters:
    ///   - steps: keys bear a step from 0 up to this.
    ///   - capacity: entries at most, a power of two of at least four.
    ///   - byteLimit: bytes of responses at most; one response may take an eighth of it.
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

    /// What was remembered for these bytes, or nil.
    @inline(__always)
    mutating func value(for key: Key) -> Int32? {
        let recent = Int(latest[key.step])
        if matches(entries[recent], key) { return entries[recent].value }
        return search(key)
    }

    private mutating func search(_ key: Key) -> Int32? {
        let hash = Self.hash(key)
        let set = (Int(truncatingIfNeeded: hash >> 32) & setMask) * Self.ways
        for index in set..<(set + Self.ways) where entries[index].hash == hash && matches(entries[index], key) {
            latest[key.step] = Int32(index)
            return entries[index].value
        }
        return nil
    }

    /// Notes what was made of these bytes, after ``value(for:)`` found nothing.
    /// - Returns: whether it is kept; bytes that come for the first time are not.
    @discardableResult
    mutating func remember(_ value: Int32, for key: Key) -> Bool {
        let hash = Self.hash(key)
        let sighting = Int(truncatingIfNeeded: hash) & (capacity - 1)
        guard sightings[sighting] == hash else {
            sightings[sighting] = hash
            return false
        }
        let length = key.headers.count + key.body.count
        guard length <= byteLimit / 8 else { return false }
        if bytesHeld + length > byteLimit { forgetAll() }
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
            bodyCount: key.body.count, bytes: bytes, value: value)
        bytesHeld += length
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
        bytesHeld -= Int(entries[index].headerCount) + entries[index].bodyCount
        count -= 1
        entries[index] = Entry()
    }

    private mutating func forgetAll() {
        for index in 0..<capacity { forget(index) }
    }
}
