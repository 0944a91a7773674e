import Glibc

/// Why a source cannot be observed.
package struct ObservationError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    /// - Parameter code: an error number of the system.
    init(_ subject: String, errno code: Int32) {
        switch code {
        case ENOENT, ESRCH: self.init("\(subject): no such process")
        case EACCES, EPERM: self.init("\(subject): permission denied; observe it as its user or as root")
        default: self.init("\(subject): \(String(cString: strerror(code)))")
        }
    }
}
