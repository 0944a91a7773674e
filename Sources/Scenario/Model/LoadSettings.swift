/// How `gauntlet load` runs the steps. What the file does not say is nil.
package struct LoadSettings: Sendable {
    package var virtualUsers: Int?
    /// How many addresses the users share, on a loopback server.
    package var addresses: Int?
    /// What there is in the open model alone; nil in the closed model.
    package var arrivals: Arrivals?
    package var seed: UInt64?
    package var duration: Duration?
    package var warmUp: Duration?
    package var maximumRequests: Int?
    /// Whether each virtual user has variables, setup and teardown of its own.
    package var isSetUpPerUser = false
    /// Kinds of answers, counted and timed apart, in the order of the file.
    package var classes: [ResponseClass] = []
    package var thresholds: [Threshold] = []

    package struct ResponseClass: Sendable {
        package var name: String
        package var expectation: Expectation
    }

    /// Iterations that begin at a rate.
    package struct Arrivals: Sendable {
        package var rate: Rate?
        package var stages: [Stage]
        /// Whether arrivals are independent of each other, rather than evenly spaced.
        package var arePoisson: Bool

        package init(rate: Rate?, stages: [Stage], arePoisson: Bool = false) {
            self.rate = rate
            self.stages = stages
            self.arePoisson = arePoisson
        }
    }

    /// The rate goes to another in a straight line.
    package struct Stage: Sendable {
        package var target: Rate
        package var duration: Duration

        package init(target: Rate, duration: Duration) {
            self.target = target
            self.duration = duration
        }
    }

    /// What must hold of one figure of the result.
    package struct Threshold: Sendable {
        package var metric: LoadMetric
        /// The metric as the file writes it.
        package var name: String
        package var matcher: Matcher
    }
}
