import CEpoll
import Glibc
import Synchronization
import Trace

/// Takes full buffers from the threads of a run, and writes them to the trace file on a thread of its own.
///
/// The buffers bound the memory. A thread that finds none empty loses records, which the file and the result state.
final class TraceDrain: Sendable {
    private struct State {
        /// Oldest first.
        var full: [TraceBuffer] = []
        /// By source.
        var empty: [[TraceBuffer]]
        var isEnding = false
        var written = 0
        var lost: UInt64 = 0
        var failure: TraceWriteError?
    }

    let path: String
    /// The records of a buffer.
    let capacity: Int
    private let state: Mutex<State>
    private let writer: Mutex<TraceFileWriter>
    /// Readable when there is something to write.
    private let signal: Int32

    /// Creates the file.
    /// - Parameters:
    ///   - origin: the instant that times in the records count from, in nanoseconds since 1970.
    ///   - sources: the number of threads that record.
    ///   - capacity: the records of a buffer; by default it takes 1 MiB.
    ///   - spares: the empty buffers of each source, besides the one that it fills. At 200,000 records per second the
    ///     default lasts for two seconds.
    init(
        path: String, origin: Nanoseconds, sources: Int, capacity: Int = 1 << 15, spares: Int = 15
    ) throws(LoadError) {
        self.path = path
        self.capacity = capacity
        let writer: TraceFileWriter
        do throws(TraceWriteError) { writer = try TraceFileWriter(path: path, origin: origin) } catch {
            throw .traceFile(error)
        }
        self.writer = Mutex(writer)
        let empty = (0..<sources).map { source in
            (0..<spares).map { _ in TraceBuffer(source: UInt16(source), capacity: capacity) }
        }
        state = Mutex(State(empty: empty))
        signal = eventfd(0, Int32(EFD_CLOEXEC))
        guard signal >= 0 else { throw .system(call: "eventfd", code: errno) }
    }

    deinit { close(signal) }

    /// The origin of the times of a thread that starts now.
    static var origin: Nanoseconds {
        Nanoseconds(MonotonicClock.wallTime() * 1e9) - MonotonicClock.now()
    }

    // MARK: The recording threads

    /// An empty buffer for a recorder to fill next; nil if the writing thread has not kept up.
    func takeEmpty(source: Int) -> TraceBuffer? { state.withLock { $0.empty[source].popLast() } }

    /// Hands over a buffer to be written.
    func add(_ buffer: consuming TraceBuffer) {
        let buffer = buffer
        state.withLock { $0.full.append(buffer) }
        wakeWriter()
    }

    /// Counts records that found no buffer.
    func addLost(_ count: UInt64) {
        guard count > 0 else { return }
        state.withLock { $0.lost += count }
    }

    // MARK: The writing thread

    private func wakeWriter() {
        var one: UInt64 = 1
        _ = Glibc.write(signal, &one, MemoryLayout<UInt64>.size)
    }

    /// Writes buffers until ``end()``.
    func run() {
        while true {
            let (next, isEnding) = state.withLock { state in
                (state.full.isEmpty ? nil : state.full.removeFirst(), state.isEnding)
            }
            if let next {
                write(next)
            } else if isEnding {
                return
            } else {
                var count: UInt64 = 0
                _ = read(signal, &count, MemoryLayout<UInt64>.size)
            }
        }
    }

    private func write(_ buffer: consuming TraceBuffer) {
        var buffer = buffer
        let count = buffer.count
        var failure: TraceWriteError?
        writer.withLock { writer in
            do throws(TraceWriteError) { try writer.write(buffer) } catch { failure = error }
        }
        buffer.removeAll()
        let empty = buffer
        state.withLock { state in
            if let failure {
                state.failure = failure
                state.lost += UInt64(count)
            } else {
                state.written += count
            }
            state.empty[Int(empty.source)].append(empty)
        }
    }

    /// Lets the writing thread end once everything is written.
    func end() {
        state.withLock { $0.isEnding = true }
        wakeWriter()
    }

    /// Completes the file. Called after the writing thread has ended.
    func finish() -> TraceSummary {
        let lost = state.withLock { $0.lost }
        var failure: TraceWriteError?
        writer.withLock { writer in
            do throws(TraceWriteError) { try writer.finish(lost: lost) } catch { failure = error }
        }
        return state.withLock { state in
            TraceSummary(
                path: path, requests: state.written, lost: lost, failure: (state.failure ?? failure)?.description)
        }
    }
}
