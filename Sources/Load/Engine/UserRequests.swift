/// Requests that are the same at every turn of a user, written once for each: with the user's token in them, say.
struct UserRequests: ~Copyable {
    private struct Entry {
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        /// ``UserVariables/version`` that the bytes were written from.
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

    /// What was written for this version of the user's variables, or nil.
    @inline(__always)
    func bytes(user: Int, step: Int, version: Int32) -> UnsafeRawBufferPointer? {
        let entry = entries + (user * steps + step)
        guard entry.pointee.version == version, let bytes = entry.pointee.bytes else { return nil }
        return UnsafeRawBufferPointer(start: bytes, count: entry.pointee.count)
    }

    /// What was written last, and so what was sent last.
    func latest(user: Int, step: Int) -> UnsafeRawBufferPointer {
        let entry = entries + (user * steps + step)
        return UnsafeRawBufferPointer(start: entry.pointee.bytes, count: entry.pointee.count)
    }

    /// Keeps a request, in place of one from an older version.
    func keep(_ request: [UInt8], user: Int, step: Int, version: Int32) -> UnsafeRawBufferPointer {
        let entry = entries + (user * steps + step)
        entry.pointee.bytes?.deallocate()
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(request.count, 1), alignment: 1)
        bytes.copyBytes(from: request)
        entry.pointee = Entry(bytes: bytes.baseAddress, count: request.count, version: version)
        return UnsafeRawBufferPointer(start: bytes.baseAddress, count: request.count)
    }
}
