import Probe
import Scenario
import Version

extension ProbeReport {
    /// JSON, in the format that ``ProbeReportSchema`` describes. Values that are not known are null.
    package static var json: ProbeReport {
        ProbeReport("json") { result, _ in document(result).serialized(indent: 2) + "\n" }
    }

    private static func document(_ result: ProbeResult) -> JSON {
        let findings = result.rows.map { row -> (String, JSON) in
            (
                row.name,
                ["value": row.value, "confidence": .string(row.confidence), "evidence": .string(row.evidence)]
            )
        }
        var members: [(String, JSON)] = [
            ("format", .string(ProbeReportSchema.identifier)), ("version", .string(Release.version)),
            ("target", .string(result.target)), ("summary", .string(result.summary)),
            ("end", .string(result.end)), ("requests", .number(JSONNumber(result.requests))),
            ("durationMs", milliseconds(result.seconds)),
            (
                "budget",
                [
                    "requests": .number(JSONNumber(result.budget.requests)),
                    "durationMs": milliseconds(result.budget.time / .seconds(1)),
                ]
            ),
            (result.subjectName, .object(JSONObject(findings))),
        ]
        if let failure = result.failure { members.append(("failure", .string(failure))) }
        return .object(JSONObject(members))
    }

    private static func milliseconds(_ seconds: Double) -> JSON {
        JSONNumber((seconds * 1000).rounded()).map(JSON.number) ?? .null
    }
}
