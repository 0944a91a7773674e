import FoundationEssentials
import RegexBuilder

extension MatcherOperator {
    /// Whether a text has the format that the operator requires.
    func recognises(_ text: String) -> Bool {
        switch self {
        case .isoDate: return RecognisedText.isDate(text)
        case .uuid: return UUID(uuidString: text) != nil
        case .ipv4: return RecognisedText.isIPv4(text)
        case .ipv6: return RecognisedText.isIPv6(text)
        case .url: return RecognisedText.isURL(text)
        default: return false
        }
    }

    /// The name of the format in messages.
    var noun: String {
        switch self {
        case .isoDate: "date (RFC 3339)"
        case .uuid: "UUID"
        case .ipv4: "IPv4 address"
        case .ipv6: "IPv6 address"
        case .url: "URL"
        default: rawValue
        }
    }
}

/// Text formats that matchers recognise.
enum RecognisedText {
    /// RFC 3339 section 5.6: `full-date` or `date-time`.
    static func isDate(_ text: String) -> Bool {
        let time = #/[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?([Zz]|[+-]\d{2}:\d{2})/#
        let form = Regex {
            #/(\d{4})-(\d{2})-(\d{2})/#
            Optionally { time }
        }.asciiOnlyDigits()
        guard let match = try? form.wholeMatch(in: text) else { return false }
        func number(_ text: Substring?) -> Int { text.flatMap { Int($0) } ?? 0 }
        let (year, month, day) = (number(match.1), number(match.2), number(match.3))
        guard (1...12).contains(month) else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...days[month - 1]).contains(day) else { return false }
        var offset = 0
        if let zone = match.7, zone.count == 6 {
            let (hours, minutes) = (number(zone.dropFirst().prefix(2)), number(zone.suffix(2)))
            guard hours < 24, minutes < 60 else { return false }
            offset = (hours * 60 + minutes) * (zone.hasPrefix("-") ? -1 : 1)
        }
        let (hour, minute, second) = (number(match.4), number(match.5), number(match.6))
        // A leap second is the last second of a day in UTC.
        let isLastMinute = (hour * 60 + minute - offset + 1) % (24 * 60) == 0
        return hour < 24 && minute < 60 && second < (isLastMinute ? 61 : 60)
    }

    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                    && UInt8(part).map { String($0) == part } == true
            }
    }

    /// RFC 4291 section 2.2, all three forms.
    static func isIPv6(_ text: String) -> Bool {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, !text.contains(":::") else { return false }
        var groups = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (place, part) in parts.enumerated() {
                if part.contains(".") {
                    guard index == halves.count - 1, place == parts.count - 1, isIPv4(String(part)) else {
                        return false
                    }
                    groups += 2
                } else {
                    guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexadecimal) else { return false }
                    groups += 1
                }
            }
        }
        return halves.count == 2 ? groups <= 7 : groups == 8
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    static func isURL(_ text: String) -> Bool {
        do throws(WebURL.Fault) { try WebURL.check(text) } catch { return false }
        return URL(string: text) != nil
    }
}

extension Regex {
    fileprivate func asciiOnlyDigits() -> Regex<RegexOutput> { asciiOnlyDigits(true) }
}
