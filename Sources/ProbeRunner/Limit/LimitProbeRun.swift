import Probe
import ScenarioRunner

/// Carries out what a ``LimitProbe`` asks for.
package struct LimitProbeRun {
    private var probe: LimitProbe
    private let traffic: ProbeTraffic
    private let stopFlag: StopFlag

    package init(_ options: ProbeOptions, _ traffic: ProbeTraffic, stopFlag: StopFlag) {
        probe = LimitProbe(options)
        self.traffic = traffic
        self.stopFlag = stopFlag
    }

    /// - Parameter onChange: called before each experiment.
    package mutating func run(onChange: (LimitProbe) -> Void) -> LimitFindings {
        while !stopFlag.isSet {
            onChange(probe)
            switch probe.next(at: traffic.now) {
            case .wait(let instant): traffic.wait(until: instant)
            case .send(let volley):
                let exchanges = traffic.send(volley)
                guard !exchanges.isEmpty else {
                    probe.stop()
                    return probe.result
                }
                probe.record(exchanges)
            case .finish: return probe.result
            }
        }
        probe.stop()
        return probe.result
    }
}
