/// An error with a response of its own.
package protocol ResponseError: Error {
    var response: Response { get }
}
