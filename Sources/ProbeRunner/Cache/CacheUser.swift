import ScenarioRunner

/// A user of the probe of a cache: its reads and writes.
package struct CacheUser {
    package var reads: ProbeRequests
    package var writes: ProbeRequests
    package var cookies: [String]

    package init(reads: ProbeRequests, writes: ProbeRequests, cookies: [String]) {
        self.reads = reads
        self.writes = writes
        self.cookies = cookies
    }
}
