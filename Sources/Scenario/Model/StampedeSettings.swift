/// Reads of cached values, of which the server promises that only a few reach the origin when a value is filled.
package struct StampedeSettings: Sendable {
    /// Ids of the steps that read.
    package var reads: [String]
    /// Ids of the steps after which the cached value is no longer valid.
    package var writes: [String]
    /// Names the cached value of each request; nil if all requests are about the same one.
    package var key: Template?
    /// What a response shows that comes from the origin.
    package var miss: Expectation
    /// The most reads that may reach the origin for one fill.
    package var limit: Int
    /// How long a value stays cached; nil if longer than any response takes.
    package var ttl: Duration?
    /// Byte offsets in the file.
    package var range: Range<Int>

    /// Ids of all steps that it is about.
    package var steps: [String] { reads + writes }
}
