import Load
import Scenario

/// The table of one kind of time: a row for each step, followed by a row for each non-empty class of its responses.
struct LoadTimeTable {
    private let name: String
    private let style: TextStyle
    private var rows: [[String]] = []
    /// Whether any figure is a lower bound.
    private var hasBounds = false
    /// The marked figures, by row.
    private var marks: [String] = []

    private static let statistics: [(name: String, statistic: LoadMetric.Statistic)] =
        [50, 75, 90, 95, 99, 99.9].map { ("p\(NumberText.percentile($0))", .percentile($0)) } + [("max", .max)]

    init(_ result: LoadResult, _ kind: TimeKind, style: TextStyle) {
        name = kind == .response ? "response time" : "service time"
        self.style = style
        for step in result.steps {
            add(step.id, step.all, of: step, whole: result.responses, step.samples(of: kind))
            for (index, name) in result.classes.enumerated() where step.classes[index].count > 0 {
                add(
                    "  \(name)", step.classes[index], of: step, whole: step.all.count,
                    step.samples(of: kind, class: index))
            }
        }
    }

    /// - Parameter whole: the number of responses that the row's share is of, as in the threshold on that share.
    private mutating func add(
        _ name: String, _ group: ResponseGroup, of step: LoadStepResult, whole: Int, _ samples: TimeSamples
    ) {
        let figures = Self.statistics.map { samples.figure($0.statistic) }
        rows.append(
            [
                name, NumberText.count(group.count), NumberText.rate(group.rate),
                NumberText.share(group.count, of: whole),
            ] + figures.map(Self.cell))
        hasBounds = hasBounds || figures.contains { $0.observed.exact == nil && $0.observed.lower != nil }
        let marked = zip(Self.statistics, figures).filter { $0.1.isMarked }.map { statistic, figure in
            "\(statistic.name) up to \(NumberText.time(Nanoseconds(figure.generatorShare)))"
        }
        if !marked.isEmpty {
            let path = name.hasPrefix(" ") ? "\(step.id) \(name.dropFirst(2))" : name
            marks.append("\(path) \(marked.joined(separator: ", "))")
        }
    }

    private static func cell(_ figure: TimeFigure) -> String {
        let text =
            switch figure.observed {
            case .exact(let value): NumberText.time(Nanoseconds(value))
            case .between(let value, _), .atLeast(let value): "≥ \(NumberText.time(Nanoseconds(value)))"
            case .unavailable: "n/a"
            }
        return figure.isMarked ? text + "*" : text
    }

    var lines: [String] {
        var table = TextTable()
        table.rows = [[name, "count", "rate", "share"] + Self.statistics.map(\.name)] + rows
        var lines = table.lines
        lines[0] = style(.dim, lines[0])
        if hasBounds { lines.append(style(.dim, "≥ lower bound: failed and unfinished requests could raise it")) }
        if !marks.isEmpty {
            lines.append(style(.dim, "* the generator's lag may account for: \(marks.joined(separator: "; "))"))
        }
        return lines
    }
}

extension BoundedFigure {
    /// `3.38ms`, `3.38ms to 3.40ms`, `≥ 2.10s`.
    func text(_ number: (Double) -> String) -> String {
        switch self {
        case .exact(let value): return number(value)
        case .between(let lower, let upper):
            let texts = (number(lower), number(upper))
            return texts.0 == texts.1 ? texts.0 : "\(texts.0) to \(texts.1)"
        case .atLeast(let value): return "≥ \(number(value))"
        case .unavailable: return "n/a"
        }
    }
}
