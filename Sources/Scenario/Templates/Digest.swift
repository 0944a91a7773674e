import COpenSSL

/// SHA-2 digests and their HMACs (FIPS 180-4, RFC 2104), computed by OpenSSL.
enum Digest {
    enum Function {
        case sha256, sha384, sha512

        var evp: OpaquePointer {
            switch self {
            case .sha256: EVP_sha256()
            case .sha384: EVP_sha384()
            case .sha512: EVP_sha512()
            }
        }
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        _ = SHA256(bytes, bytes.count, &digest)
        return digest
    }

    static func hmac(_ bytes: [UInt8], key: [UInt8], _ function: Function) -> [UInt8] {
        var mac = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        // HMAC() takes a 31-bit length. A key longer than a block is equivalent to its digest (RFC 2104 section 2).
        let key = key.count > 1 << 20 ? digest(key, function) : key
        // An empty key must still be a non-null pointer, or OpenSSL reuses the key of the previous call.
        let padded = key.isEmpty ? [0] : key
        _ = HMAC(function.evp, padded, Int32(key.count), bytes, bytes.count, &mac, &length)
        return Array(mac.prefix(Int(length)))
    }

    private static func digest(_ bytes: [UInt8], _ function: Function) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        _ = EVP_Digest(bytes, bytes.count, &digest, &length, function.evp, nil)
        return Array(digest.prefix(Int(length)))
    }
}
