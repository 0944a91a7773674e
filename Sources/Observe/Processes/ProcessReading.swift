/// What `/proc` shows of one process, as text.
struct ProcessReading {
    /// The numbers of its child processes: the files `/proc/PID/task/TID/children`.
    static func children(_ text: String) -> [Int32] {
        text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }.filter { $0 > 0 }
    }

    /// How often a thread got a core: the third number of `/proc/PID/task/TID/schedstat`; nil if the kernel does not
    /// record it.
    static func timesScheduled(_ text: String) -> UInt64? {
        let numbers = text.split(whereSeparator: \.isWhitespace)
        return numbers.count > 2 ? UInt64(numbers[2]) : nil
    }
}
