import Probe

extension LimitProbe {
    /// What it is about to find out, for a display.
    var stageText: String {
        switch currentStage {
        case .beginning: "looking for a limit"
        case .recovery: "waiting until requests are admitted again"
        case .window(let round): "measuring the window, round \(round)"
        case .kind(let round): "telling kinds apart, round \(round)"
        case .exactness(let round): "sending concurrent requests, round \(round)"
        case .key: "looking for the key"
        case .errors(let round): "finding out whether rejected requests count, round \(round)"
        case .delay: "measuring a queue"
        case .finished: "done"
        }
    }
}
