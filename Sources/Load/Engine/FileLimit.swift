import Glibc

/// The process's limit on open files.
enum FileLimit {
    /// Raises the limit where it is below `needed`: the soft one as far as the hard one, both where it is allowed.
    static func raise(to needed: Int) throws(LoadError) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .system(call: "getrlimit", code: errno)
        }
        guard limit.rlim_cur < rlim_t(needed) else { return }
        var raised = limit
        raised.rlim_cur = rlim_t(needed)
        raised.rlim_max = max(limit.rlim_max, rlim_t(needed))
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 else {
            throw .tooFewFiles(needed: needed, limit: Int(clamping: limit.rlim_max))
        }
    }
}
