import Foundation

/// How often a test does what may go wrong: seldom by default, more often where an environment variable says so.
func rounds(_ variable: String, otherwise count: Int) -> Int {
    ProcessInfo.processInfo.environment[variable].flatMap(Int.init) ?? count
}
