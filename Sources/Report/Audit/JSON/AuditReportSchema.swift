/// The published format of `AuditReport.json`.
package enum AuditReportSchema {
    /// Identifies the format in every report; it is also the schema's `$id`.
    package static let identifier = "urn:gauntlet:audit-report:2"

    /// A JSON Schema, draft 2020-12.
    package static let text = String(decoding: PackageResources.audit_report_schema_json, as: UTF8.self)
}
