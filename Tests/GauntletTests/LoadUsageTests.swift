import ArgumentParser
import Foundation
import Load
import Testing
import TestSupport

@testable import gauntlet

/// Errors of a load that are found before anything is sent. Nothing listens at the address used.
@Suite(.timeLimit(.minutes(1)))
struct LoadUsageTests {
    private static func scenario(load: String = "{}", client: String = "{}", data: String? = nil) -> String {
        let rows = data.map { #""data": { "order": "\#($0)", "rows": [{ "p": "a" }] },"# } ?? ""
        return #"""
            { "name": "n", "load": \#(load), "client": \#(client), \#(rows)
              "steps": [{ "id": "a", "request": { "url": "/" } }] }
            """#
    }

    private static func load(
        _ scenario: String, _ words: [String], to url: String = "http://127.0.0.1:1"
    ) async throws -> Program.Outcome {
        try await Program.gauntlet(
            ["load", "-", "--virtual-users", "1", "--duration", "20ms", "--base-url", url] + words, input: scenario)
    }

    @Test(
        "a load section that never starts an iteration is invalid",
        arguments: [
            (#"{ "duration": "0s" }"#, "\"duration\" must be greater than zero"),
            (#"{ "rate": "0/s" }"#, "no iteration would ever start"),
            (#"{ "rate": "0/min", "stages": [{ "to": "0/s", "over": "10s" }] }"#, "no iteration would ever start"),
            (#"{ "stages": [{ "to": "0/s", "over": "10s" }, { "to": "0/s", "over": "0s" }] }"#, "no iteration would"),
        ])
    func nothing(load: String, reason: String) async throws {
        let result = try await Program.gauntlet("validate", "-", input: Self.scenario(load: load))
        #expect(result.code == 2 && result.errors.contains(reason), "\(result)")
        for sound in [
            #"{ "warmUp": "0s" }"#, #"{ "rate": "0/s", "stages": [{ "to": "5/s", "over": "0s" }] }"#,
            #"{ "rate": "5/s", "stages": [{ "to": "0/s", "over": "1s" }] }"#,
        ] {
            let result = try await Program.gauntlet("validate", "-", input: Self.scenario(load: sound))
            #expect(result.code == 0, "\(result)")
        }
    }

    @Test("a rate of zero on the command line is rejected")
    func noRate() async throws {
        for words in [["--rate", "0"], ["--stage", "0/s:5s"], ["--rate", "0", "--stage", "0/s:5s"]] {
            let result = try await Self.load(Self.scenario(), words)
            #expect(result.code == 1 && result.errors.contains("greater than zero"), "\(result)")
        }
    }

    @Test("options of the open model are rejected in the closed model")
    func closed() async throws {
        for words in [["--arrivals", "poisson"], ["--arrivals", "constant"], ["--seed", "3"]] {
            for data in [nil, "every", "sequential"] {
                let result = try await Self.load(Self.scenario(data: data), words)
                #expect(result.code == 2, "\(result)")
                #expect(result.errors.contains("\(words[0]) belongs to the open model"), "\(result)")
            }
            for (scenario, rate) in [
                (Self.scenario(load: #"{ "rate": "9/s" }"#), []), (Self.scenario(), ["--rate", "9"]),
            ] {
                let result = try await Self.load(scenario, words + rate)
                #expect(result.code != 2, "\(result)")
            }
        }
        let result = try await Self.load(Self.scenario(data: "random"), ["--seed", "3"])
        #expect(result.code != 2, "--seed also applies to random rows: \(result)")
    }

    @Test(
        "extreme option values are accepted or rejected with a reason",
        arguments: [
            (["--max-requests", "9223372036854775807"], "1 virtual user, closed model"),
            (["--start-at", "9999-12-31T23:59:59Z"], "start: that time is more than a year away"),
            (["--rate", "100000000"], "rate: must be at most 1,000,000 iterations per second"),
            (["--stage", "100000000/s:1s"], "rate: must be at most 1,000,000 iterations per second"),
        ])
    func numbers(words: [String], reason: String) async throws {
        let result = try await Self.load(Self.scenario(), words)
        #expect(result.code == 3 || result.code == 4, "\(result)")
        #expect((result.output + result.errors).contains(reason), "\(result)")
    }

    @Test("two reports to the same file are rejected")
    func oneFile() async throws {
        try await TemporaryDirectory.with { directory in
            let name = URL(filePath: directory).lastPathComponent
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/link", withDestinationPath: directory)
            for other in ["\(directory)/x", "\(directory)/../\(name)/x", "\(directory)/link/x"] {
                let result = try await Self.load(Self.scenario(), ["--report", "json=\(directory)/x", "csv=\(other)"])
                #expect(result.code == 1 && result.errors.contains("two reports would be written to"), "\(result)")
            }
            let result = try await Self.load(Self.scenario(), ["--report", "json=/dev/null", "csv=/dev/null"])
            #expect(result.code == 3, "\(result)")
        }
    }

    @Test(
        "an unusable source address is reported with the reason",
        arguments: [
            ("::1", "http://127.0.0.1:1", "this is an IPv6 address, but the server's, 127.0.0.1:1, is not"),
            ("127.0.0.1", "http://[::1]:1", "this is an IPv4 address, but the server's, [::1]:1, is not"),
            ("192.0.2.1", "http://127.0.0.1:1", "not an address of this machine"),
            ("2001:db8::1", "http://[::1]:1", "not an address of this machine"),
        ])
    func addresses(address: String, url: String, reason: String) async throws {
        let scenario = Self.scenario(client: #"{ "address": "\#(address)" }"#)
        let result = try await Self.load(scenario, [], to: url)
        #expect(result.code == 3, "\(result)")
        #expect(result.errors.contains("client.address \(address): \(reason)"), "\(result)")
    }

    @Test("--addresses is rejected unless the server is on 127.0.0.0/8")
    func pool() async throws {
        let result = try await Self.load(Self.scenario(), ["--addresses", "5"], to: "http://[::1]:1")
        #expect(result.code == 3 && result.errors.contains("--addresses 5: the server's address, [::1]:1"), "\(result)")
    }

    @Test(
        "out-of-range numbers of users or addresses are rejected",
        arguments: ["--virtual-users", "--addresses"], ["0", "16000001", "9223372036854775807"])
    func tooMany(option: String, number: String) async throws {
        let result = try await Self.load(Self.scenario(), [option, number], to: "http://127.0.0.1:1")
        #expect(result.code == 1 && result.errors.contains("\(option) \(number): must be from 1 to "), "\(result)")
    }

    @Test("load rejects an address for each request")
    func addressForEach() async throws {
        let scenario =
            #"{ "name": "n", "client": { "address": "each" }, "steps": [{ "id": "a", "request": { "url": "/" } }] }"#
        let result = try await Self.load(scenario, [], to: "http://127.0.0.1:1")
        #expect(result.code == 2 && result.errors.contains("\"each\" is not supported in load"), "\(result)")
    }

    @Test("wake-ups are batched only on request, and the help says what that costs")
    func wakeUpBatching() async throws {
        #expect(try LoadShapeOptions.parse([]).options.batchesWakeUps == false)
        #expect(try LoadShapeOptions.parse(["--batch-wake-ups"]).options.batchesWakeUps == true)
        let help = try await Program.gauntlet("load", "--help").output.split(whereSeparator: \.isWhitespace)
        #expect(help.joined(separator: " ").contains("raises the measured times of fast responses"))
        let open = try await Self.load(Self.scenario(), ["--rate", "9", "--batch-wake-ups"])
        #expect(open.code == 2 && open.errors.contains("--batch-wake-ups belongs to the closed model"), "\(open)")
    }
}
