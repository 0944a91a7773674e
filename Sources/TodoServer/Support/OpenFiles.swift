import Glibc

/// The limit on open files. Each connection uses one.
package enum OpenFiles {
    /// Raises the soft limit to the hard limit, which needs no privileges.
    /// - Returns: the new limit.
    package static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        let old = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        return Int(clamping: isRaised ? limit.rlim_max : old)
    }
}
