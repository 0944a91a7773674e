import NIOCore

/// A todo: an id, a title, and whether it is completed.
package struct Todo: Sendable, Equatable {
    package typealias ID = Int64

    package var id: ID
    package var title: String
    package var completed: Bool

    package init(id: ID, title: String, completed: Bool) {
        self.id = id
        self.title = title
        self.completed = completed
    }
}

extension ByteBuffer {
    /// `{"id":1,"title":"…","completed":false}`
    package mutating func writeJSON(_ todo: Todo) {
        writeStaticString("{\"id\":")
        writeString(String(todo.id))
        writeStaticString(",\"title\":")
        writeJSON(todo.title)
        writeStaticString(todo.completed ? ",\"completed\":true}" : ",\"completed\":false}")
    }

    package mutating func writeJSON(_ todos: [Todo]) {
        writeList(todos, "[", "]") { $0.writeJSON($1) }
    }

    /// The JSON array of todos.
    package init(json todos: [Todo]) {
        self.init()
        writeJSON(todos)
    }
}
