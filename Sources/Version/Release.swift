/// The release that both programs are part of.
package enum Release {
    /// The version: in `--version`, in reports and in the server's OpenAPI document.
    package static let version = "1.0.0"
}
