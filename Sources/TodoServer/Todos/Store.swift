/// Where everything is kept: users and their todos.
package protocol Store: TodoStore, UserStore {
    /// A name that no other database has: what is cached of this one is never taken for another's.
    var identity: String { get }

    func close() async
}

/// The tables were made by a newer release, which may keep in them what this one does not know of.
struct NewerSchema: Error, CustomStringConvertible {
    var description: String { "its schema is from a newer todo-server; upgrade, or choose another --database" }
}
