import Scenario
import ScenarioRunner

extension RunJSON {
    func exchange(_ exchange: Exchange) -> JSON {
        .members([
            "startMs": .milliseconds(clock.offset(of: exchange.start)),
            "durationMs": .milliseconds(exchange.duration),
            "request": request(exchange.request, url: exchange.url),
            "response": exchange.response.map(response),
            "error": exchange.error.map(error),
            "curl": .string(CurlCommand.render(exchange)),
        ])
    }

    private func request(_ request: Request, url: String) -> JSON {
        .members([
            "method": .string(request.method),
            "url": .string(url),
            "headers": headers(request.headers),
            "body": request.body.map { body($0, length: request.bodyLength) },
        ])
    }

    private func response(_ response: Response) -> JSON {
        [
            "status": .integer(response.status),
            "httpVersion": .string(response.httpVersion),
            "headers": headers(response.headers),
            "body": body(response.body, length: response.bodyLength),
            "times": .members(
                [("totalMs", .milliseconds(response.times.total))]
                    + ExchangePhase.durations(of: response.times).map { phase, duration in
                        ("\(phase.rawValue)Ms", .milliseconds(duration))
                    }),
        ]
    }

    private func error(_ error: TransportError) -> JSON {
        .members([
            "code": .string(error.code.rawValue),
            "message": .string(error.message),
            "help": error.help.map(JSON.string),
        ])
    }

    private func headers(_ headers: [Header]) -> JSON {
        .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] })
    }

    private func body(_ bytes: [UInt8], length: Int) -> JSON {
        let excerpt = BodyExcerpt(bytes, length: length)
        let content: (String, JSON) =
            switch excerpt.content {
            case .text(let text): ("text", .string(text))
            case .binary(let bytes): ("base64", .string(Encoding.base64(bytes)))
            }
        return .members([
            ("bytes", .integer(excerpt.byteCount)), ("truncated", .boolean(excerpt.isTruncated)), content,
        ])
    }
}

extension Exchange {
    /// Why there is no response.
    var error: TransportError? {
        guard case .failure(let error) = result else { return nil }
        return error
    }
}
