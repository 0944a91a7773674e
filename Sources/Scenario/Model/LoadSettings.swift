/// How `gauntlet load` runs the steps. Settings that the file does not give are nil.
package struct LoadSettings: Sendable {
    package var virtualUsers: Int?
    /// Number of addresses that the virtual users share, on a loopback server.
    package var addresses: Int?
    /// Settings of the open model; nil in the closed model.
    package var arrivals: Arrivals?
    package var seed: UInt64?
    package var duration: Duration?
    package var warmUp: Duration?
    package var maximumRequests: Int?
    /// Whether each virtual user has its own variables, setup and teardown.
    package var isSetUpPerUser = false
    /// Whether a virtual user waits as long as a response with status 429 says, and then sends the request again.
    package var waitsWhenDenied = false
    /// Classes of responses, counted and timed separately, in file order.
    package var classes: [ResponseClass] = []
    package var thresholds: [Threshold] = []

    package struct ResponseClass: Sendable {
        package var name: String
        package var expectation: Expectation
    }

    /// Iterations that start at a given rate.
    package struct Arrivals: Sendable {
        package var rate: Rate?
        package var stages: [Stage]
        /// Whether arrivals are independent of each other instead of evenly spaced.
        package var arePoisson: Bool

        package init(rate: Rate?, stages: [Stage], arePoisson: Bool = false) {
            self.rate = rate
            self.stages = stages
            self.arePoisson = arePoisson
        }
    }

    /// A linear change of the rate.
    package struct Stage: Sendable {
        package var target: Rate
        package var duration: Duration

        package init(target: Rate, duration: Duration) {
            self.target = target
            self.duration = duration
        }
    }

    /// A comparison of one metric of the result with a value.
    package struct Threshold: Sendable {
        package var metric: LoadMetric
        /// The metric as the file writes it.
        package var name: String
        package var comparison: Comparison
        /// A number, in milliseconds for times; or a template that renders to a number, or for times to a duration.
        package var value: TemplateValue
        /// Byte offsets of the comparison and its value in the file.
        package var range: Range<Int>
    }
}
