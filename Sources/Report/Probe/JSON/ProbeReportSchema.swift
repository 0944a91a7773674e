/// The published format of the JSON report of `gauntlet probe`.
package enum ProbeReportSchema {
    /// Identifies the format in every report; it is also the schema's `$id`.
    package static let identifier = "urn:gauntlet:probe-report:1"

    /// A JSON Schema, draft 2020-12.
    package static let text = String(decoding: PackageResources.probe_report_schema_json, as: UTF8.self)
}
