import Scenario

/// Rows of data by popularity. A virtual user takes another one in each iteration.
struct PopularRows: Sendable {
    /// The variables that depend on the row, by row.
    let rows: [UserVariables.Values]
    let picker: PopularityPicker
    let seed: UInt64
}

extension InitialVariables {
    /// Nil if users keep the row that they began with.
    ///
    /// The variables of a row are its columns and what templates make of them. A variable that has another value each time,
    /// such as `{{uuid()}}`, is not one of them.
    func popularRows() throws(Diagnostic) -> PopularRows? {
        guard let data = scenario.data, !data.rows.isEmpty, data.popularity != .uniform else { return nil }
        var rows: [UserVariables.Values] = []
        for row in data.rows {
            let (once, again) = (try values(with: row), try values(with: row))
            rows.append(once.filter { again[$0.key] == $0.value })
        }
        let first = rows[0]
        let shared = first.filter { name, value in rows.allSatisfy { $0[name] == value } }
        return PopularRows(
            rows: rows.map { row in row.filter { shared[$0.key] == nil } },
            picker: PopularityPicker(data.popularity, count: rows.count), seed: seed)
    }
}
