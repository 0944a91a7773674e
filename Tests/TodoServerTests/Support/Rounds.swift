import Foundation

/// How often a test repeats its steps: a small number by default, or the value of an environment variable.
func rounds(_ variable: String, otherwise count: Int) -> Int {
    ProcessInfo.processInfo.environment[variable].flatMap(Int.init) ?? count
}
