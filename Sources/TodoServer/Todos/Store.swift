/// Storage for users and their todos.
package protocol Store: TodoStore, UserStore {
    /// A unique name of this database, which keeps its cached data apart from that of others.
    var identity: String { get }

    func close() async
}

/// The tables are from a newer release and may hold data that this one does not know.
struct NewerSchema: Error, CustomStringConvertible {
    var description: String { "its schema is from a newer todo-server; upgrade, or choose another --database" }
}
