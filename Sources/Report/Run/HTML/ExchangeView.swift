import Scenario
import ScenarioRunner

/// A request with its response or error.
struct ExchangeView {
    /// Its number, if the step has several.
    let number: Int?
    let method: String
    let target: String
    let status: String
    let isFailing: Bool
    let isOpen: Bool
    let duration: String
    let hasBars: Bool
    let bars: [Bar]
    let request: MessageView
    let response: MessageView?
    let error: String?
    /// Nil if a failure already shows the command.
    let curl: String?

    /// A phase on the exchange's own axis.
    struct Bar {
        let name: PhaseName
        let place: TimeAxis.Place
        let duration: String
    }

    init(_ exchange: Exchange, number: Int?, isFailing: Bool, isOpen: Bool) {
        self.number = number
        method = exchange.request.method
        target = exchange.request.target.shortened(to: 200)
        status = exchange.response.map { "\($0.status)" } ?? exchange.error?.code.rawValue ?? ""
        self.isFailing = isFailing
        self.isOpen = isOpen
        duration = exchange.duration.spacedText
        let phases = exchange.phases
        let axis = TimeAxis(
            start: phases.first?.start ?? exchange.start, duration: exchange.response?.times.total ?? exchange.duration)
        hasBars = !phases.isEmpty
        bars = phases.map { phase, start, duration in
            Bar(name: PhaseName(phase), place: axis.place(start, lasting: duration), duration: duration.spacedText)
        }
        request = MessageView(exchange.request, url: exchange.url)
        response = exchange.response.map { MessageView($0) }
        error = exchange.error?.message
        curl = isFailing ? nil : CurlCommand.render(exchange)
    }
}
