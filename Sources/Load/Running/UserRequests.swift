/// Rendered requests that stay the same in every iteration of a user, such as those with the user's token.
struct UserRequests: ~Copyable {
    private struct Entry {
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        var capacity = 0
        /// The version of the user's variables and cookies that the bytes were rendered from.
        var version: Int32 = 0
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let steps: Int
    private let count: Int

    init(users: Int, steps: Int) {
        self.steps = steps
        count = users * steps
        entries = .allocate(capacity: max(count, 1))
        entries.initialize(repeating: Entry(), count: max(count, 1))
    }

    deinit {
        for index in 0..<count { entries[index].bytes?.deallocate() }
        entries.deallocate()
    }

    /// The bytes rendered for this version of the user's variables and cookies, or nil.
    @inline(__always)
    func bytes(user: Int, step: Int, version: Int32) -> UnsafeRawBufferPointer? {
        let entry = entries + (user * steps + step)
        guard entry.pointee.version == version, let bytes = entry.pointee.bytes else { return nil }
        return UnsafeRawBufferPointer(start: bytes, count: entry.pointee.count)
    }

    /// The bytes rendered last, which are also those sent last.
    func latest(user: Int, step: Int) -> UnsafeRawBufferPointer {
        let entry = entries + (user * steps + step)
        return UnsafeRawBufferPointer(start: entry.pointee.bytes, count: entry.pointee.count)
    }

    /// Stores a request, replacing an older version.
    func keep(_ request: [UInt8], user: Int, step: Int, version: Int32) -> UnsafeRawBufferPointer {
        let entry = entries + (user * steps + step)
        if entry.pointee.capacity < request.count {
            entry.pointee.bytes?.deallocate()
            // A later version of the request may be a little longer.
            entry.pointee.capacity = (request.count + 63) & ~63
            entry.pointee.bytes = .allocate(byteCount: entry.pointee.capacity, alignment: 1)
        }
        request.withUnsafeBytes { source in
            if let base = source.baseAddress { entry.pointee.bytes?.copyMemory(from: base, byteCount: source.count) }
        }
        entry.pointee.count = request.count
        entry.pointee.version = version
        return UnsafeRawBufferPointer(start: entry.pointee.bytes, count: request.count)
    }
}
