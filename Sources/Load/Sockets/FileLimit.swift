import Glibc

/// The process's limit on open files.
enum FileLimit {
    /// Raises the soft limit to at least `needed`, and the hard limit as well if that is needed and permitted.
    static func raise(to needed: Int) throws(LoadError) {
        let limit = try raised(towards: needed)
        guard limit >= needed else { throw .tooFewFiles(needed: needed, limit: limit) }
    }

    /// Raises the limit towards `wanted`, as far as permitted.
    /// - Returns: the resulting limit.
    static func raised(towards wanted: Int) throws(LoadError) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .system(call: "getrlimit", code: errno)
        }
        guard limit.rlim_cur < rlim_t(wanted) else { return Int(clamping: limit.rlim_cur) }
        for hard in [max(limit.rlim_max, rlim_t(wanted)), limit.rlim_max] {
            var raised = rlimit(rlim_cur: min(rlim_t(wanted), hard), rlim_max: hard)
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 {
                return Int(clamping: raised.rlim_cur)
            }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
