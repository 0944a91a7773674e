/// Objects that steps write and read, and whose reads the server promises to be fresh.
package struct FreshnessSettings: Sendable {
    package var writes: [Write]
    /// Ids of the steps that delete an object.
    package var deletes: [String]
    package var reads: [Read]
    /// Names the object of each request; nil if all requests are about the same object.
    package var key: Template?
    /// Byte offsets in the file.
    package var range: Range<Int>

    package struct Write: Sendable {
        package var step: String
        package var value: WrittenValue
    }

    package struct Read: Sendable {
        package var step: String
        /// The value in the JSON body of the response.
        package var path: JSONPath
    }

    /// Where the value that a request writes is known from.
    package enum WrittenValue: Sendable {
        /// Text that is rendered when the request is sent.
        case template(Template)
        /// A value in the JSON body of the request.
        case request(JSONPath)
        /// A value in the JSON body of the response.
        case response(JSONPath)
    }
}
