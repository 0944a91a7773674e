/// The published format of `LoadDocument`.
package enum LoadReportSchema {
    /// A JSON Schema, draft 2020-12.
    package static let text = String(decoding: PackageResources.load_report_schema_json, as: UTF8.self)
}
