/// Why a token is invalid. For logs and tests; the response does not include it.
package enum TokenError: Error, Equatable {
    case tooLong
    case notThreeSegments
    case notCanonicalBase64URL
    case headerNotAnObject
    case wrongAlgorithm
    case wrongType
    case criticalExtension
    case wrongSignature
    case payloadNotAnObject
    case duplicateNames
    case invalidClaim(String)
    case expired
    case notYetValid
}
