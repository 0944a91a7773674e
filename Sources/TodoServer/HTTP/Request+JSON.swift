import NIOCore

extension Request {
    /// The body as a JSON object. Fails with 413, 415 or 422, checked in the contract's order.
    package func jsonObject() throws(HTTPError) -> JSONObject {
        let bytes = try bytes()
        guard fields.contentEncoding == nil else {
            throw .unsupportedMediaType("Content-Encoding is not supported")
        }
        if let mediaType = fields.mediaType {
            guard mediaType == "application/json" || mediaType.hasSuffix("+json") else {
                throw .unsupportedMediaType("The body must be application/json")
            }
        } else if bytes.readableBytes > 0 {
            throw .unsupportedMediaType("The body must be application/json")
        }
        guard bytes.readableBytes > 0 else { throw .invalid([.missing(in: .null)]) }
        let value: JSONValue
        do {
            value = try JSONReader.value(of: Array(bytes.readableBytesView))
        } catch {
            throw .invalid([.notJSON(error)])
        }
        guard case .object(let object) = value else {
            throw .invalid([
                ValidationIssue(.modelAttributesType, "Input should be a valid dictionary or object", input: value)
            ])
        }
        return object
    }
}
