import Glibc

/// Reads the CPU time, memory, descriptors and context switches of a process and its descendants.
final class ProcessObserver: Observer {
    private let root: pid_t
    private var startTime: UInt64 = 0
    private var cpu = GrowingTotal<Identity>()
    private var switches = GrowingTotal<pid_t>()

    /// A process number may be used again; its start time tells the processes apart.
    private struct Identity: Hashable {
        var id: pid_t
        var startTime: UInt64
    }

    /// The figures of one process.
    private struct Figures {
        var stat: ProcessStat
        var cpu: UInt64
        /// By thread.
        var switches: [pid_t: UInt64] = [:]
        var descriptors: Int?
        var children: [pid_t] = []
    }

    init(_ process: pid_t) throws(ObservationError) {
        root = process
        startTime = try figures(of: process).stat.startTime
    }

    func read() throws(ObservationError) -> Reading {
        let time = MonotonicInstant.now()
        let first = try figures(of: root)
        guard first.stat.startTime == startTime else { throw ObservationError("pid:\(root): the process has ended") }
        var (times, counts): ([Identity: UInt64], [pid_t: UInt64]) = ([:], [:])
        var (pages, descriptors): (Int, Int?) = (0, 0)
        var rest = [(root, first)]
        var seen: Set<pid_t> = [root]
        while let (id, figures) = rest.popLast() {
            times[Identity(id: id, startTime: figures.stat.startTime)] = figures.cpu
            counts.merge(figures.switches) { $1 }
            pages += figures.stat.residentPages
            descriptors = descriptors.flatMap { sum in figures.descriptors.map { sum + $0 } }
            for child in figures.children where seen.insert(child).inserted {
                // A child may end at any time.
                if let figures = try? self.figures(of: child) { rest.append((child, figures)) }
            }
        }
        cpu.update(times)
        switches.update(counts)
        var values: [ObservedMetric: Double] = [
            .cpu: Double(cpu.value), .residentMemory: Double(pages) * Double(sysconf(Int32(_SC_PAGESIZE))),
        ]
        if !counts.isEmpty { values[.contextSwitches] = Double(switches.value) }
        values[.descriptors] = descriptors.map(Double.init)
        return Reading(time: time, values: values)
    }

    private func figures(of process: pid_t) throws(ObservationError) -> Figures {
        let folder = "/proc/\(process)"
        let text: String
        switch ProcessFile.text(folder + "/stat") {
        case .success(let content): text = content
        case .failure(let error): throw ObservationError("pid:\(root)", errno: error.code)
        }
        guard let stat = ProcessStat(text) else { throw ObservationError("pid:\(root): \(folder)/stat is malformed") }
        var figures = Figures(stat: stat, cpu: try cpuTime(of: process))
        for thread in ProcessFile.names(in: folder + "/task") ?? [] {
            guard let id = pid_t(thread) else { continue }
            if case .success(let text) = ProcessFile.text("\(folder)/task/\(thread)/schedstat") {
                figures.switches[id] = ProcessReading.timesScheduled(text)
            }
            if case .success(let text) = ProcessFile.text("\(folder)/task/\(thread)/children") {
                figures.children += ProcessReading.children(text)
            }
        }
        figures.descriptors = ProcessFile.descriptors(of: process)
        return figures
    }

    /// CPU time of all threads that the process has had, in nanoseconds. The times in `/proc/PID/stat` have a
    /// resolution of 10 ms.
    private func cpuTime(of process: pid_t) throws(ObservationError) -> UInt64 {
        var clock = clockid_t()
        let code = clock_getcpuclockid(process, &clock)
        guard code == 0 else { throw ObservationError("pid:\(root)", errno: code) }
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else {
            throw ObservationError("pid:\(root)", errno: errno == EINVAL ? ESRCH : errno)
        }
        return UInt64(clamping: time.tv_sec) * 1_000_000_000 + UInt64(clamping: time.tv_nsec)
    }
}
