import Audit

/// Objects that steps write and read, and whose reads the server promises to be fresh.
package struct FreshnessSettings: Sendable {
    package var writes: [Change]
    /// What deletes an object, or for ``FreshnessPromise/Shape/contains`` a value from an object.
    package var deletes: [Change]
    package var reads: [Read]
    /// Names the object of each request; nil if all requests are about the same object.
    package var key: Template?
    package var shape: FreshnessPromise.Shape
    /// How old a value may be that a read shows; nil if reads must be fresh.
    package var ttl: Duration?
    /// Byte offsets in the file.
    package var range: Range<Int>

    /// A step that writes or deletes.
    package struct Change: Sendable {
        package var step: String
        /// Nil for the deletion of an object.
        package var value: WrittenValue?
    }

    package struct Read: Sendable {
        package var step: String
        /// The value, or for ``FreshnessPromise/Shape/contains`` all values, in the JSON body of the response.
        package var path: JSONPath
    }

    /// Where the value that a request writes or deletes is known from.
    package enum WrittenValue: Sendable {
        /// Text that is rendered when the request is sent.
        case template(Template)
        /// A value in the JSON body of the request.
        case request(JSONPath)
        /// A value in the JSON body of the response.
        case response(JSONPath)
    }
}
