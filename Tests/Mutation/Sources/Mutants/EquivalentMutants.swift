/// The reviewed list of mutants that behave as the original, each with the reason.
///
/// An entry is five lines and ends with an empty line. Lines that start with `#` are comments. `code` and `mutant` are the
/// line without the mutant and with it, so an entry does not depend on line numbers:
///
///     file: Sources/Load/Schedule/ArrivalQueue.swift
///     operator: boundary
///     code: if count > 0 {
///     mutant: if count >= 0 {
///     reason: The loop below does nothing for a count of 0.
package struct EquivalentMutants: Sendable {
    package struct Entry: Hashable, Sendable {
        package let file: String
        package let mutationOperator: String
        package let code: String
        package let mutant: String
        package let reason: String
    }

    package struct SyntaxError: Error, CustomStringConvertible {
        package let line: Int
        package let description: String
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    package init(parsing text: String) throws {
        var fields: [String: String] = [:]
        var number = 0
        for line in (text + "\n\n").split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            if line.hasPrefix("#") { continue }
            if line.allSatisfy(\.isWhitespace) {
                if !fields.isEmpty { try addEntry(fields, before: number) }
                fields = [:]
                continue
            }
            guard let colon = line.firstIndex(of: ":") else {
                throw SyntaxError(line: number, description: "line \(number): expected “key: value”")
            }
            fields[String(line[..<colon])] = Self.normalized(String(line[line.index(after: colon)...]))
        }
    }

    private mutating func addEntry(_ fields: [String: String], before number: Int) throws {
        guard let file = fields["file"], let kind = fields["operator"], let code = fields["code"],
            let mutant = fields["mutant"], let reason = fields["reason"], !reason.isEmpty, fields.count == 5
        else {
            throw SyntaxError(
                line: number,
                description: "the entry before line \(number) needs file, operator, code, mutant and reason")
        }
        entries.append(Entry(file: file, mutationOperator: kind, code: code, mutant: mutant, reason: reason))
    }

    package func entry(for mutant: Mutant) -> Entry? {
        entries.first { entry in
            entry.file == mutant.file && entry.mutationOperator == mutant.mutationOperator.rawValue
                && entry.code == Self.oneLine(mutant.before) && entry.mutant == Self.oneLine(mutant.after)
        }
    }

    /// Entries for files below a folder that match none of its mutants.
    package func stale(among mutants: [Mutant], files: Set<String>) -> [Entry] {
        let known = Set(mutants.compactMap { entry(for: $0) })
        return entries.filter { files.contains($0.file) && !known.contains($0) }
    }

    /// A mutant as an entry, except for its reason.
    package static func template(for mutant: Mutant) -> String {
        """
        file: \(mutant.file)
        operator: \(mutant.mutationOperator.rawValue)
        code: \(oneLine(mutant.before))
        mutant: \(oneLine(mutant.after))
        """
    }

    private static func oneLine(_ lines: [String]) -> String { normalized(lines.joined(separator: " ")) }

    private static func normalized(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
