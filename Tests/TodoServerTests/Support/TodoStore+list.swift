import NIOCore

@testable import TodoServer

extension TodoStore {
    /// The stores of tests hold short lists.
    func list(of user: User.ID) async throws -> ByteBuffer {
        ByteBuffer(json: try await todos(of: user))
    }
}
