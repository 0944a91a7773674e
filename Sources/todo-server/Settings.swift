import ArgumentParser

/// Reads a value from its option or else from its environment variable, and says which of the two was wrong.
struct Settings {
    var environment: [String: String]

    /// - Parameter parse: nil, or an error with a hint, where the text is not a value.
    func set<Value>(
        _ value: inout Value, _ name: String, _ option: String?, _ parse: (String) throws -> Value?
    ) throws {
        let variable = "TODO_" + name.replacing("-", with: "_").uppercased()
        guard let text = option ?? environment[variable] else { return }
        let origin = option == nil ? variable : "--\(name)"
        do {
            guard let parsed = try parse(text) else { throw ValidationError("\(origin): '\(text)' is not valid") }
            value = parsed
        } catch let error as ValidationError {
            throw error
        } catch {
            throw ValidationError("\(origin): \(error)")
        }
    }
}
