/// A part of an experiment with a cache.
enum CacheStep: Equatable, Sendable {
    case wait(until: Double)
    case rest(Double)
    /// Wait until this many seconds have passed since the last read was sent.
    case idle(Double)
    /// Wait until the entry is this old.
    case age(Double)
    case write
    case read(CacheTrial.Role, user: Int = 0)
    /// Read until the latest value is shown for the first time.
    case fill(gap: Double)
    /// Read at growing ages until the entry has expired.
    case poll(age: Double)
    /// Send the tag of the trial's first read.
    case conditional(CacheTrial.Role)
    case varied(Int)
    /// A read and a write. The write is sent this many seconds after the read.
    case race(offset: Double)
    case crowd(Int)
}
