import Glibc
import ScenarioRunner
import Trace

/// Why a load run could not be carried out.
package enum LoadError: Error, Equatable, Sendable {
    /// The base URL's host has no address.
    case unresolved(TransportError)
    /// The limit on open files is too low and could not be raised.
    case tooFewFiles(needed: Int, limit: Int)
    /// A system call failed.
    case system(call: String, code: Int32)
    /// A source to observe is out of reach.
    case unobservable(reason: String)
    /// A setting is invalid.
    case invalid(setting: String, reason: String)
    /// The trace cannot be written.
    case traceFile(TraceWriteError)
    /// The run was stopped before the load started.
    case stopped
}

extension LoadError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unresolved(let error):
            error.message
        case .tooFewFiles(let needed, let limit):
            "the run needs \(needed) open files, but the limit is \(limit); raise it (ulimit -n \(needed)) "
                + "or use fewer virtual users"
        case .system(let call, let code):
            "\(call): \(String(cString: strerror(code)))"
        case .unobservable(let reason):
            "--observe: \(reason)"
        case .invalid(let setting, let reason):
            "\(setting): \(reason)"
        case .traceFile(let error):
            error.description
        case .stopped:
            "stopped before the load started"
        }
    }
}
