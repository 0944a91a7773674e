extension String {
    /// Whether another text stands in it, code point by code point: a line feed is found in "\r\n", which Swift takes
    /// for one character.
    ///
    /// The bytes are searched, by Knuth, Morris and Pratt, so in time linear in them. In UTF-8 no character's bytes are
    /// found across those of others.
    func hasUTF8(of part: String) -> Bool {
        let part = Array(part.utf8)
        guard !part.isEmpty else { return true }
        // How long the longest beginning of the part is that ends at each of its bytes, short of all that stands there.
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
