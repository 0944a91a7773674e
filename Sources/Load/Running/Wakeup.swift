/// A sequence of steps that continues at a given time.
struct Wakeup: Comparable {
    var at: Nanoseconds
    var slot: Int32

    static func < (left: Wakeup, right: Wakeup) -> Bool { left.at < right.at }
}
