/// A header of every response at or below a path, even without a route.
package struct PathHeader: Sendable {
    let header: Response.Header
    private let path: String
    private let folder: String

    package init(_ header: Response.Header, below path: String) {
        self.header = header
        self.path = path
        folder = path + "/"
    }

    func covers(_ path: String) -> Bool {
        path == self.path || path.hasPrefix(folder)
    }
}
