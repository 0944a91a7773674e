import Glibc
import ScenarioRunner
import Testing

@testable import Observe

@Suite(.timeLimit(.minutes(1)))
struct ProcessTests {
    @Test("a line of /proc/PID/stat gives start time and memory, whatever the program's name")
    func stat() throws {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20480 321 more"
        for name in ["(todo-server)", "(a b) c)", "())", "(\n)"] {
            let stat = try #require(ProcessStat("42 \(name) \(rest)"))
            #expect(stat.startTime == 4711 && stat.residentPages == 321)
        }
        for broken in [
            "", "42", "42 (a", "42 (a) S 1 2", "42 (a) " + rest.replacing("4711", with: "x"),
            "42 (a) " + rest.replacing("321", with: "-1"),
        ] {
            #expect(ProcessStat(broken) == nil, "\(broken)")
        }
    }

    @Test("children and context switches are read from their files, or are missing")
    func files() {
        #expect(ProcessReading.children("12 345 \n") == [12, 345])
        #expect(ProcessReading.children("") == [] && ProcessReading.children("x -1 0 7") == [7])
        #expect(ProcessReading.timesScheduled("886795 1316268 21\n") == 21)
        #expect(ProcessReading.timesScheduled("0 0") == nil && ProcessReading.timesScheduled("a b c") == nil)
    }

    @Test("a total keeps what ended counters had reached")
    func growingTotal() {
        var total = GrowingTotal<String>()
        total.update(["a": 10, "b": 5])
        #expect(total.value == 15)
        total.update(["a": 12])
        #expect(total.value == 17)
        // Another counter took the key.
        total.update(["a": 3, "c": 1])
        #expect(total.value == 12 + 5 + 4)
        total.update([:])
        #expect(total.value == 21)
    }

    @Test("this process has CPU time, memory, descriptors and context switches")
    func ownProcess() throws {
        let observer = try ProcessObserver(getpid())
        let before = try observer.read()
        var after = before
        // Reading is work: the CPU time grows by 5 ms.
        while (after.values[.cpu] ?? 0) - (before.values[.cpu] ?? 0) < 5_000_000 { after = try observer.read() }
        #expect(after.time > before.time)
        for metric in [ObservedMetric.cpu, .residentMemory, .descriptors, .contextSwitches] {
            #expect((after.values[metric] ?? 0) > 0, "\(metric)")
        }
    }

    @Test("CPU time includes descendants, and what those that ended had used")
    func descendants() async throws {
        // The shell only waits; its children work.
        let work = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"
        let script = "(\(work)) & python3 -m http.server {port} --bind 127.0.0.1 2>/dev/null & wait"
        try await ServedCommand(command: script).runProcess { _, process in
            let observer = try ProcessObserver(process)
            var values: [ObservedMetric: Double] = [:]
            while (values[.cpu] ?? 0) < 20_000_000 { values = try observer.read().values }
            // The shell alone has less.
            #expect((values[.residentMemory] ?? 0) > 8_000_000 && (values[.descriptors] ?? 0) > 3)
        }
    }

    @Test("a process that does not exist, or ends, is an error that says so")
    func missing() async throws {
        let error = #expect(throws: ObservationError.self) { try ProcessObserver(pid_t.max) }
        #expect(error?.description == "pid:\(pid_t.max): no such process")
        let ended = try await ServedCommand(command: "exec python3 -m http.server {port} --bind 127.0.0.1 2>/dev/null")
            .runProcess { _, process in
                try ObservationSource.process(process).check()
                return process
            }
        #expect(throws: ObservationError.self) { try ObservationSource.process(ended).check() }
        #expect(ObservationError("pid:1", errno: EACCES).description.contains("permission denied"))
    }
}
