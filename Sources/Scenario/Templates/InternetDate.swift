/// A time as RFC 3339 text in UTC, to the second: `2026-03-01T12:00:00Z`.
///
/// Foundation's formatter uses the Julian calendar before 1582. RFC 3339 (section 5.6, by ISO 8601) uses the Gregorian
/// calendar throughout.
enum InternetDate {
    /// The range of four-digit years, in seconds since 1970-01-01T00:00:00Z.
    static let seconds = -62_167_219_200...253_402_300_799

    /// Nil outside the years 0000 to 9999.
    static func text(secondsSince1970 seconds: Int) -> String? {
        guard self.seconds.contains(seconds) else { return nil }
        let sinceYearZero = seconds - self.seconds.lowerBound
        let (days, second) = sinceYearZero.quotientAndRemainder(dividingBy: 86_400)
        // Years start in March, so that the leap day is the last of the year (Hinnant, "chrono-Compatible Low-Level
        // Date Algorithms"). Day 60 of the year 0000 is its first of March; the 400 years before it add one era.
        let sinceMarch = days - 60 + daysPerEra
        let (era, day) = sinceMarch.quotientAndRemainder(dividingBy: daysPerEra)
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let isNextYear = month >= 10
        let date = [
            digits(400 * (era - 1) + year + (isNextYear ? 1 : 0), 4), digits(isNextYear ? month - 9 : month + 3, 2),
            digits(dayOfMonth, 2),
        ]
        let time = [second / 3_600, second / 60 % 60, second % 60].map { digits($0, 2) }
        return "\(date.joined(separator: "-"))T\(time.joined(separator: ":"))Z"
    }

    private static let daysPerEra = 146_097

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
