/// Colours for a terminal, or none for logs and files.
package enum TextStyle: Sendable {
    case plain, coloured

    package enum Tone: String, Sendable {
        case bold = "1"
        case dim = "2"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case boldRed = "1;31"
        case boldGreen = "1;32"
        case boldYellow = "1;33"
    }

    package func callAsFunction(_ tone: Tone, _ text: String) -> String {
        self == .coloured ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Colours only on a terminal, and only if `NO_COLOR` is not set (no-color.org).
    package static func forOutput(isTerminal: Bool, environment: [String: String]) -> TextStyle {
        let refused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return isTerminal && !refused && environment["TERM"] != "dumb" ? .coloured : .plain
    }
}
