import Glibc
import NIOCore
import NIOHTTP1

/// Encodes responses as HTTP/1.1 (RFC 9112). Each event loop has one, which caches the `Date` value.
struct ResponseEncoder {
    struct Framing {
        /// The request was HEAD: send the same head without a body.
        var omitsBody = false
        /// The body's bytes are sent separately.
        var leavesBytes = false
        var closes = false
        /// The client uses HTTP/1.0 and asked to keep the connection open.
        var confirmsKeepAlive = false
    }

    private var dateSecond: Int64 = 0
    private var date = ""

    mutating func encode(_ response: Response, of id: RequestID, framing: Framing, into bytes: inout ByteBuffer) {
        refreshDate()
        let bodyRoom = framing.leavesBytes ? response.body.prefix.utf8CodeUnitCount : response.body.count
        var room = Self.ownRoom + response.status.reasonPhrase.utf8.count + bodyRoom
        for header in response.headers { room += header.name.utf8.count + header.value.utf8.count + 4 }
        bytes.writeWithOutputRawSpan(minimumWritableBytes: room) { output in
            writeHead(response, id, framing, into: &output)
            guard !framing.omitsBody else { return }
            output.append(response.body.prefix)
            guard !framing.leavesBytes else { return }
            if let body = response.body.bytes { output.append(body) }
            output.append(response.body.suffix)
        }
    }

    /// Enough for everything that this type adds to a head, including the longest request id.
    private static let ownRoom = 192 + RequestID.maximumLength

    private func writeHead(
        _ response: Response, _ id: RequestID, _ framing: Framing, into output: inout OutputRawSpan
    ) {
        output.append("HTTP/1.1 ")
        output.appendDecimal(Int(response.status.code))
        output.append(" ")
        output.append(response.status.reasonPhrase)
        output.append("\r\nDate: ")
        output.append(date)
        output.append("\r\nX-Request-Id: ")
        id.write(into: &output)
        output.append("\r\n")
        for header in response.headers {
            output.append(header.name)
            output.append(": ")
            output.append(header.value)
            output.append("\r\n")
        }
        if response.status != .noContent {
            output.append("Content-Length: ")
            output.appendDecimal(response.body.count)
            output.append("\r\n")
        }
        if framing.closes {
            output.append("Connection: close\r\n")
        } else if framing.confirmsKeepAlive {
            output.append("Connection: keep-alive\r\n")
        }
        output.append("\r\n")
    }

    /// Updates the date (RFC 9110 section 5.6.7) once per second.
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
