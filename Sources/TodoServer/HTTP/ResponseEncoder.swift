import Glibc
import NIOCore
import NIOHTTP1

/// Writes responses as HTTP/1.1 bytes (RFC 9112). One for each event loop, for it remembers the date's text.
struct ResponseEncoder {
    struct Framing {
        /// The request was HEAD: the same head, no body.
        var omitsBody = false
        var closes = false
        /// The client speaks HTTP/1.0 and asked for the connection to stay open.
        var confirmsKeepAlive = false
    }

    private var dateSecond: Int64 = 0
    private var date = ""

    mutating func encode(_ response: Response, of id: RequestID, framing: Framing, into bytes: inout ByteBuffer) {
        switch response.status {
        case .ok: bytes.writeStaticString("HTTP/1.1 200 OK\r\nDate: ")
        default:
            bytes.writeString("HTTP/1.1 \(response.status.code) \(response.status.reasonPhrase)\r\nDate: ")
        }
        refreshDate()
        bytes.writeString(date)
        bytes.writeStaticString("\r\nX-Request-Id: ")
        id.write(into: &bytes)
        bytes.writeStaticString("\r\n")
        for header in response.headers {
            bytes.writeString(header.name)
            bytes.writeStaticString(": ")
            bytes.writeString(header.value)
            bytes.writeStaticString("\r\n")
        }
        if response.status != .noContent {
            bytes.writeStaticString("Content-Length: ")
            bytes.writeDecimal(response.body.count)
            bytes.writeStaticString("\r\n")
        }
        if framing.closes {
            bytes.writeStaticString("Connection: close\r\n")
        } else if framing.confirmsKeepAlive {
            bytes.writeStaticString("Connection: keep-alive\r\n")
        }
        bytes.writeStaticString("\r\n")
        guard !framing.omitsBody else { return }
        bytes.writeStaticString(response.body.prefix)
        if let body = response.body.bytes { bytes.writeImmutableBuffer(body) }
        bytes.writeStaticString(response.body.suffix)
    }

    /// The date as RFC 9110 section 5.6.7 writes it, made anew once a second.
    private mutating func refreshDate() {
        let second = WallClock.seconds
        guard second != dateSecond else { return }
        dateSecond = second
        var time = time_t(second)
        var parts = tm()
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        date =
            "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(1900 + parts.tm_year) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}

extension ByteBuffer {
    /// Appends the decimal digits of a number that is not negative.
    package mutating func writeDecimal(_ number: Int) {
        var digits = 1
        var power = 10
        while digits < 19, number >= power { (digits, power) = (digits + 1, power &* 10) }
        writeWithUnsafeMutableBytes(minimumWritableBytes: digits) { bytes in
            var rest = number
            for index in (0..<digits).reversed() {
                bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            return digits
        }
    }
}
