import Glibc

/// Parses the date of a cookie's `Expires`, which comes in many formats (RFC 6265 section 5.1.1).
enum CookieDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Seconds since 1970-01-01T00:00:00Z; nil if the text is not a date.
    static func seconds(_ text: ArraySlice<UInt8>) -> Double? {
        var (day, month, year): (Int?, Int?, Int?)
        var time: [Int]?
        for token in text.split(whereSeparator: { !$0.isOfDate }) {
            let word = String(decoding: token, as: UTF8.self).lowercased()
            if time == nil, let clock = clock(word) {
                time = clock
            } else if day == nil, let number = Int(word), word.count <= 2 {
                day = number
            } else if month == nil, let index = months.firstIndex(of: String(word.prefix(3))) {
                month = index
            } else if year == nil, let number = Int(word), word.count == 2 || word.count == 4 {
                year = word.count == 4 ? number : number < 70 ? number + 2000 : number + 1900
            }
        }
        guard let day, let month, let year, let time, (1...31).contains(day), year > 1600 else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month), Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(time[0]), Int32(time[1]), Int32(time[2]))
        return Double(timegm(&parts))
    }

    /// `07:28:00`.
    private static func clock(_ word: String) -> [Int]? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard parts.count == 3, 0...23 ~= parts[0], 0...59 ~= parts[1], 0...60 ~= parts[2] else { return nil }
        return parts
    }
}

extension UInt8 {
    /// Letters, digits and colons. Everything else separates the parts of a date.
    fileprivate var isOfDate: Bool {
        decimalDigit != nil || self == .colon || UInt8(ascii: "a")...UInt8(ascii: "z") ~= asciiLowercased
    }
}
