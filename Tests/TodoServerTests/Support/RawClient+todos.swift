@testable import TodoServer

/// Parses the bodies of responses about todos.
extension RawClient.Response {
    /// The list's `source`.
    var source: String? { json["source"]?.text }

    /// The titles in a list, in order.
    var titles: [String] {
        guard case .array(let todos)? = json["todos"] else { return [] }
        return todos.compactMap { todo in
            guard case .object(let todo) = todo else { return nil }
            return todo["title"]?.text
        }
    }

    /// The id of one todo.
    var id: Int? {
        guard case .number(let number)? = json["id"] else { return nil }
        return Int("\(number)")
    }

    private var json: JSONObject {
        guard case .object(let object)? = try? JSONReader.value(of: Array(body.utf8)) else {
            return JSONObject(members: [])
        }
        return object
    }
}

extension JSONValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
}
