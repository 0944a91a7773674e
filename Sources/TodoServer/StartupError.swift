/// Why the server could not start, in one line.
package struct StartupError: Error, CustomStringConvertible {
    package var description: String
}
