extension StringProtocol {
    /// Whether this equals a lower-case ASCII token, ignoring case.
    package func isToken(_ token: StaticString) -> Bool {
        let isEqual = utf8.withContiguousStorageIfAvailable { bytes in
            guard bytes.count == token.utf8CodeUnitCount else { return false }
            for index in bytes.indices where bytes[index].lowercasedASCII != token.utf8Start[index] { return false }
            return true
        }
        return isEqual ?? String(self).isToken(token)
    }

    /// The text without leading and trailing spaces and tabs.
    ///
    /// Compares bytes: a space followed by a combining character is another `Character`.
    package func trimmingSpaces() -> Substring {
        Substring(Substring(self).utf8.trimmingBlanks())
    }
}

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
