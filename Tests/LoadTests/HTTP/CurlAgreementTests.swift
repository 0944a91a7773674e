import Foundation
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@testable import Load

/// Compares the engine's parser with libcurl's, which is the most widely tested.
///
/// On the corpus and on corrupted copies of it, both must accept the same response or reject it.
@Suite(.timeLimit(.minutes(2)))
struct CurlAgreementTests {
    /// How a client interprets some bytes, after which the connection ends.
    private enum Outcome: Equatable {
        case response(status: Int, body: [UInt8])
        case refused
    }

    /// A server that sends the given bytes on each connection in two pieces and closes it.
    private final class ByteServer: Sendable {
        let server: ScriptedServer
        private let answer: Answer

        private final class Answer: Sendable {
            let pieces = Mutex<[[UInt8]]>([])
        }

        init() throws {
            let answer = Answer()
            self.answer = answer
            server = try ScriptedServer { connection in
                guard connection.read() != nil else { return }
                for piece in answer.pieces.withLock({ $0 }) { connection.write(piece) }
                connection.endWriting()
                connection.awaitEnd()
            }
        }

        func curl(_ bytes: [UInt8], cut: Int, isBodiless: Bool) throws -> Outcome {
            answer.pieces.withLock { $0 = [Array(bytes[..<cut]), Array(bytes[cut...])] }
            let base = try #require(BaseURL("http://127.0.0.1:\(server.port)"))
            var request = Request(method: isBodiless ? "HEAD" : "GET", target: "/")
            request.options.timeout = .seconds(5)
            let exchange = HTTPClient(ConnectionSettings(base: base)).send(request)
            return switch exchange.result {
            case .success(let response): .response(status: response.status, body: response.body)
            case .failure: .refused
            }
        }
    }

    private static func parse(_ bytes: [UInt8], isBodiless: Bool) -> Result<Outcome, ResponseError> {
        var parser = ResponseParser(isBodiless: isBodiless)
        do throws(ResponseError) {
            var progress = try parser.advance(over: bytes.span.bytes)
            if progress == .needsMore { progress = try parser.finish(length: bytes.count) }
            guard case .complete(let length) = progress else { return .failure(.truncated(received: bytes.count)) }
            let response = ReceivedResponse(parser, bytes: bytes.span.bytes, length: length)
            return .success(.response(status: response.status, body: response.body()))
        } catch {
            return .failure(error)
        }
    }

    /// Why the two parsers differ intentionally; nil if they must agree.
    private static func deviation(_ ours: Result<Outcome, ResponseError>, _ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        let lastHead = text.components(separatedBy: "HTTP/1.").last ?? ""
        switch ours {
        case .success:
            let codings = text.matches(of: /(?i)\ntransfer-encoding:([^\n]*)/).map {
                $0.1.trimmingCharacters(in: .whitespaces).lowercased()
            }
            return codings.contains { $0 != "chunked" } ? "libcurl rejects a coding that it did not request" : nil
        case .failure(.truncated) where !lastHead.contains("\n\n"): return "libcurl accepts a truncated head"
        case .failure(.malformed(.statusLine)): return "libcurl accepts any status line with the right beginning"
        case .failure(.malformed(.headerLine)): return "libcurl accepts any name, and blanks before the colon"
        case .failure(.malformed(.bareCarriageReturn)): return "libcurl checks only names for a bare CR"
        case .failure(.truncated) where text.hasSuffix("\n\r"):
            return "libcurl accepts a CR at the end as the empty line"
        case .failure(.malformed(.contentLength)), .failure(.malformed(.chunkSize)):
            return "libcurl reads the digits and ignores what follows"
        case .failure(.malformed(.conflictingLengths)): return "libcurl uses the last of two lengths"
        case .failure(.bodyTooLarge): return "libcurl ignores a length that overflows"
        default: return nil
        }
    }

    private static func compare(
        _ ours: Result<Outcome, ResponseError>, _ theirs: Outcome, _ bytes: [UInt8]
    ) -> Bool {
        let agree =
            switch ours {
            case .success(let outcome): outcome == theirs
            case .failure: theirs == .refused
            }
        guard !agree, deviation(ours, bytes) == nil else { return agree }
        let text = String(decoding: bytes, as: UTF8.self).debugDescription
        Issue.record("\(text): ours \(ours), libcurl's \(theirs)")
        return false
    }

    @Test(
        "the parser agrees with libcurl on well-formed and broken responses",
        arguments: ResponseParserTests.wellFormed + ResponseParserTests.broken)
    func corpus(_ example: ParserCase) throws {
        let server = try ByteServer()
        let bytes = Array(example.text.utf8)
        let ours = Self.parse(bytes, isBodiless: example.isBodiless)
        for cut in stride(from: 0, through: bytes.count, by: max(1, bytes.count / 5)) {
            _ = Self.compare(ours, try server.curl(bytes, cut: cut, isBodiless: example.isBodiless), bytes)
        }
    }

    @Test("the parser agrees with libcurl on corrupted responses")
    func mutations() throws {
        let server = try ByteServer()
        var random = SplitMix64(seed: 4)
        var agreed = 0
        for _ in 0..<3000 {
            let example = ResponseParserTests.wellFormed.randomElement(using: &random)!
            let bytes = Self.spoil(Array(example.text.utf8), &random)
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let ours = Self.parse(bytes, isBodiless: example.isBodiless)
            let theirs = try server.curl(bytes, cut: cut, isBodiless: example.isBodiless)
            if Self.compare(ours, theirs, bytes) { agreed += 1 }
        }
        #expect(agreed > 2000, "the others differ intentionally")
    }

    private static func spoil(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: position)
            case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: position)
            default: bytes.removeLast(Int.random(in: 0..<min(bytes.count, 12), using: &random))
            }
        }
        return bytes
    }
}
