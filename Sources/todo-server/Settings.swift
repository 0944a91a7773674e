import ArgumentParser

/// Reads a value from its option or else its environment variable; errors name the one that was used.
struct Settings {
    var environment: [String: String]

    /// - Parameters:
    ///   - expected: describes a valid value, for the error message.
    ///   - parse: returns nil, or throws an error with its own hint, if the text is not valid.
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
