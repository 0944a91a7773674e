import Glibc

/// Why a trace cannot be written.
package struct TraceWriteError: Error, Equatable, Sendable, CustomStringConvertible {
    package var path: String
    /// The system's error number.
    package var code: Int32

    package var description: String { "\(path) cannot be written: \(String(cString: strerror(code)))" }
}
