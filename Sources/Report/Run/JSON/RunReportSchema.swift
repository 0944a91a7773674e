/// The published format of `RunReport.json`.
package enum RunReportSchema {
    /// Identifies the format in every report; it is also the schema's `$id`.
    package static let identifier = "urn:gauntlet:run-report:1"

    /// A JSON Schema, draft 2020-12.
    package static let text = String(decoding: PackageResources.run_report_schema_json, as: UTF8.self)
}
