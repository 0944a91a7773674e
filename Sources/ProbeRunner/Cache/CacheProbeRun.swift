import Probe
import ScenarioRunner

/// Carries out what a ``CacheProbe`` asks for.
package struct CacheProbeRun {
    private var probe: CacheProbe
    private let traffic: CacheTraffic
    private let stopFlag: StopFlag

    package init(_ options: CacheProbeOptions, _ traffic: CacheTraffic, stopFlag: StopFlag) {
        probe = CacheProbe(options)
        self.traffic = traffic
        self.stopFlag = stopFlag
    }

    /// - Parameter onChange: called before each experiment.
    package mutating func run(onChange: (CacheProbe) -> Void) -> CacheFindings {
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
