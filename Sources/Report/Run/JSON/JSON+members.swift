import Scenario

extension JSON {
    static func integer(_ value: Int) -> JSON { .number(JSONNumber(value)) }

    /// Milliseconds, to the microsecond; the clocks are not more precise than that.
    static func milliseconds(_ duration: Duration) -> JSON {
        .number(JSONNumber(milliseconds: .microseconds(duration.nanoseconds / 1_000)))
    }

    /// An object with the members that have a value.
    static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        .members(members.compactMap { name, value in value.map { (name, $0) } })
    }

    static func members(_ members: [(String, JSON)]) -> JSON { .object(JSONObject(members)) }
}
