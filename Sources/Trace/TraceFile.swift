/// Traces in the binary format of docs/trace-format.md.
package enum TraceFile {
    package static func isTrace(_ bytes: [UInt8]) -> Bool { bytes.starts(with: TraceLayout.magic.prefix(7)) }
}
