import Scenario

/// A request compiled to constant bytes with slots between them, each filled when the request is sent.
///
/// It writes the bytes that ``ScenarioRenderer`` renders, or gives up. It allocates nothing.
struct CompiledRequest: Sendable {
    /// Where the text of a slot comes from.
    enum Source: Sendable {
        /// A variable of the user, or a value within it.
        case variable(String, path: [Expression.PathElement])
        case iteration, virtualUser, uuid
        case randomInt(ClosedRange<Int>)
        case randomString(length: Int)
        case counter(name: String)
        /// Seconds since 1970 plus an offset.
        case now(offset: Int)
    }

    /// How a value is written at its place.
    enum Form: Sendable {
        /// In a path: only characters that mean nothing else in a URL.
        case path
        /// In a header field: anything but a line break.
        case field
        /// Percent-encoded, in a query or a form.
        case percent
        /// A JSON value.
        case json
        /// Part of a JSON string.
        case jsonText
        /// In a body, as it is.
        case text
    }

    struct Slot: Sendable {
        var source: Source
        var form: Form
        var isInBody = false
    }

    /// Constant bytes, and what follows them.
    struct Piece: Sendable {
        enum Next: Sendable {
            case slot(Int)
            /// The length of the body in decimal.
            case bodyLength
            case end
        }

        var start: Int32
        var end: Int32
        var next: Next
    }

    /// Head and body without the slots.
    let bytes: [UInt8]
    let pieces: [Piece]
    /// In the order in which a template renders them, which matters to `counter()`.
    let slots: [Slot]
    /// The length of the body without its slots.
    let fixedLength: Int
}

extension CompiledRequest {
    /// A copy for one thread. Threads that count references to the same memory slow each other down.
    func copy() -> CompiledRequest {
        CompiledRequest(
            bytes: bytes.map { $0 }, pieces: pieces.map { $0 }, slots: slots.map { $0 }, fixedLength: fixedLength)
    }
}
