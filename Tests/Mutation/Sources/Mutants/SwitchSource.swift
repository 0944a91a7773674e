/// The file that is added to a mutated module. It reads the chosen mutant's number from the environment.
package enum SwitchSource {
    /// Number of the mutant to run. Without it, the program behaves as the original.
    package static let selection = "MUTANT"
    /// File to which the program appends the number of each mutant that it reaches.
    package static let record = "MUTANT_RECORD"

    package static func text(capacity: Int) -> String {
        """
        #if canImport(Glibc)
            import Glibc
        #else
            import Darwin
        #endif

        private let selected: Int32 = getenv("\(selection)").map { atoi($0) } ?? -1
        private let record: Int32 = getenv("\(record)").map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644) } ?? -1
        private nonisolated(unsafe) let reached: UnsafeMutablePointer<UInt8> = {
            let flags = UnsafeMutablePointer<UInt8>.allocate(capacity: \(capacity))
            flags.initialize(repeating: 0, count: \(capacity))
            return flags
        }()

        public func _mutant(_ number: Int32) -> Bool {
            if record >= 0 { note(number) }
            return number == selected
        }

        /// Written at once, because a test may kill the program.
        private func note(_ number: Int32) {
            guard reached[Int(number)] == 0 else { return }
            reached[Int(number)] = 1
            var line = "\\(number)\\n"
            _ = line.withUTF8 { write(record, $0.baseAddress, $0.count) }
        }

        """
    }
}
