import NIOCore

@testable import TodoServer

extension TodoStore {
    /// Encodes on the caller's thread, because the lists of test stores are short.
    func list(of user: User.ID) async throws -> ByteBuffer {
        ByteBuffer(json: try await todos(of: user))
    }
}
