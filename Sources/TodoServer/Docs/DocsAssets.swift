import Foundation
import NIOCore

/// Swagger UI's files, served locally where browsers cannot reach the public CDN.
package struct DocsAssets: Sendable {
    struct File: Sendable {
        var name: String
        var mediaType: String
        var bytes: ByteBuffer
    }

    static let stylesheet = "swagger-ui.css"
    static let script = "swagger-ui-bundle.js"

    let files: [File]

    /// Reads the files from a folder and keeps them in memory.
    package init(directory: String) throws(StartupError) {
        var files: [File] = []
        for (name, mediaType) in [(Self.stylesheet, "text/css"), (Self.script, "text/javascript")] {
            guard let data = FileManager.default.contents(atPath: directory + "/" + name) else {
                throw StartupError(
                    description: "cannot read \(directory)/\(name): --docs-assets must be a folder that contains "
                        + "\(Self.stylesheet) and \(Self.script), such as the npm package swagger-ui-dist")
            }
            files.append(File(name: name, mediaType: mediaType + "; charset=utf-8", bytes: ByteBuffer(bytes: data)))
        }
        self.files = files
    }
}
