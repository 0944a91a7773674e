/// Mutants killed, per folder.
package struct ScoreTable: Sendable {
    package struct Row: Equatable, Sendable {
        package let folder: String
        package var mutants = 0
        package var killed = 0
        package var survived = 0
        package var equivalent = 0

        /// Per cent of the mutants that are not equivalent; nil if all are.
        package var score: Double? {
            killed + survived == 0 ? nil : 100 * Double(killed) / Double(killed + survived)
        }
    }

    package let rows: [Row]
    package let total: Row

    package init(_ results: [MutantResult]) {
        let groups = Dictionary(grouping: results, by: \.mutant.folder)
        rows = groups.keys.sorted().map { Self.row($0, groups[$0, default: []]) }
        total = Self.row("all", results)
    }

    private static func row(_ folder: String, _ results: [MutantResult]) -> Row {
        var row = Row(folder: folder)
        row.mutants = results.count
        row.killed = results.count { $0.outcome.isKilled }
        row.survived = results.count { $0.outcome.isSurvivor }
        row.equivalent = results.count { $0.outcome == .equivalent }
        return row
    }

    package var text: String {
        let cells =
            [["folder", "mutants", "killed", "survived", "equivalent", "score"]]
            + (rows + [total]).map { row in
                [
                    row.folder, "\(row.mutants)", "\(row.killed)", "\(row.survived)", "\(row.equivalent)",
                    row.score.map { "\(Int($0.rounded(.down))) %" } ?? "–",
                ]
            }
        let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { line in
            zip(line, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
