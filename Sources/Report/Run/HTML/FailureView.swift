import Scenario
import ScenarioRunner

/// A failed expectation or an error.
struct FailureView {
    let kind: String
    let badge: OutcomeBadge
    let message: String
    let place: String
    let anchor: String
    let excerpt: [SourceLine]
    let notes: [Note]
    let help: String?
    let curl: String?

    struct Note {
        let name: String
        let text: String
        let className: String
    }

    init(_ failure: Failure, in anchor: String, showsCommand: Bool) {
        let diagnostic = failure.diagnostic
        let position = diagnostic.position
        kind = diagnostic.code.rawValue
        badge = OutcomeBadge(failure.isError ? .errored : .failed)
        message = diagnostic.message
        place = "\(diagnostic.file.path):\(position.line):\(position.column)"
        self.anchor = "\(anchor)-L\(position.line)"
        excerpt = SourceLine.excerpt(of: diagnostic.file, around: diagnostic.range)
        notes = diagnostic.notes.map { note in
            let isKnown = ["expected", "actual"].contains(note.name)
            return Note(name: note.name, text: note.text.shortened(to: 4_000), className: isKnown ? note.name : "")
        }
        help = diagnostic.help
        curl = showsCommand ? failure.exchange.map(CurlCommand.render) : nil
    }
}
