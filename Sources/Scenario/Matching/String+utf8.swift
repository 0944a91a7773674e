extension String {
    /// Whether the string contains another, compared by code points. A line feed is found in "\r\n", which is one Swift
    /// character.
    ///
    /// Searches the bytes with the Knuth-Morris-Pratt algorithm, in linear time. In UTF-8, a match never starts or ends
    /// within another character.
    func hasUTF8(of part: String) -> Bool {
        let part = Array(part.utf8)
        guard !part.isEmpty else { return true }
        // For each byte, the length of the longest proper prefix of the part that ends there.
        var overlaps = [Int](repeating: 0, count: part.count)
        var length = 0
        for index in 1..<part.count {
            while length > 0, part[index] != part[length] { length = overlaps[length - 1] }
            if part[index] == part[length] { length += 1 }
            overlaps[index] = length
        }
        length = 0
        for byte in utf8 {
            while length > 0, byte != part[length] { length = overlaps[length - 1] }
            if byte == part[length] { length += 1 }
            if length == part.count { return true }
        }
        return false
    }
}
