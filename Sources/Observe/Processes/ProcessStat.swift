/// A line of `/proc/PID/stat` (Linux, proc_pid_stat(5)).
struct ProcessStat: Equatable {
    /// Processes that share a number at different times differ in this.
    var startTime: UInt64
    /// Resident memory, in pages.
    var residentPages: Int

    init?(_ text: String) {
        // The program's name is in parentheses and may contain spaces and parentheses.
        guard let end = text.lastIndex(of: ")") else { return nil }
        // The first of these fields is the third of the line.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 21, let startTime = UInt64(fields[19]), let pages = Int(fields[21]), pages >= 0 else {
            return nil
        }
        self.startTime = startTime
        residentPages = pages
    }
}
