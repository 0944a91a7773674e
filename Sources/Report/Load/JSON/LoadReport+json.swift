import Load

extension LoadReport {
    /// Everything, in the format that ``LoadReportSchema`` describes. `gauntlet merge` reads it.
    package static var json: LoadReport {
        LoadReport("json") { load, _ in String(decoding: try LoadDocument(load).encoded(), as: UTF8.self) }
    }
}
