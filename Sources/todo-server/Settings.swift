import ArgumentParser

/// Reads a value from its option or else from its environment variable, and says which of the two was wrong.
struct Settings {
    var environment: [String: String]

    /// - Parameters:
    ///   - expected: what a value looks like, for who gave something else.
    ///   - parse: nil, or an error with a hint of its own, where the text is not a value.
    func set<Value>(
        _ value: inout Value, _ name: String, _ option: String?, expected: String = "a valid value",
        _ parse: (String) throws -> Value?
    ) throws {
        let variable = "TODO_" + name.replacing("-", with: "_").uppercased()
        guard let text = option ?? environment[variable] else { return }
        let origin = option == nil ? variable : "--\(name)"
        do {
            guard let parsed = try parse(text) else { throw ValidationError("\(origin): '\(text)' is not \(expected)") }
            value = parsed
        } catch let error as ValidationError {
            throw error
        } catch {
            throw ValidationError("\(origin): \(error)")
        }
    }
}
