import Foundation
import Testing

@testable import TodoServer

@Suite struct SettingTests {
    private static func setting(_ name: String) throws -> Setting {
        try #require(Setting.all.first { $0.name == name })
    }

    @Test("the value of a setting is shown as it is written")
    func roundTrip() throws {
        let written = [
            "host": "::1", "port": "0", "database": "other.sqlite", "database-connections": "3",
            "max-todos-per-user": "off", "redis": "redis://127.0.0.1:7000/2", "redis-timeout": "10",
            "redis-ca-file": "/ca.pem", "writes-without-redis": "refuse", "cache-ttl": "7", "rate-limit": "off",
            "login-rate-limit": "3/60s", "rate-limit-policy": "sliding-window", "rate-limit-key": "ip+user",
            "trusted-proxy": "127.0.0.1/32,10.0.0.0/8", "token-secret": "********",
            "previous-token-secret": "********", "token-lifetime": "60", "admin-password": "********",
            "bcrypt-cost": "4", "threads": "3", "max-connections": "100", "max-connections-per-address": "10",
            "connection-memory": "64", "minimum-read-rate": "0", "docs-assets": "/assets", "log-level": "trace",
            "log-format": "json",
        ]
        #expect(Set(written.keys) == Set(Setting.all.map(\.name)))
        var configuration = Configuration()
        for setting in Setting.all { try setting.set(#require(written[setting.name]), in: &configuration) }
        for setting in Setting.all { #expect(setting.text(in: configuration) == written[setting.name]) }
    }

    @Test("every property of a configuration has a setting")
    func complete() {
        #expect(
            Setting.all.count == Mirror(reflecting: Configuration()).children.count,
            "two settings are in `limits`, and `databaseTimes` has none")
    }

    @Test(
        "an invalid text is rejected with a description of the valid ones",
        arguments: [
            ("port", "http", "'http' is not a whole number"),
            ("max-todos-per-user", "many", "'many' is not a whole number or off"),
            ("connection-memory", "9999999999999999", "'9999999999999999' is not a whole number of MiB"),
            ("log-format", "xml", "'xml' is not one of text, json"),
            ("host", "", "'' is not a valid value"),
        ])
    func invalid(_ name: String, _ text: String, _ message: String) throws {
        var configuration = Configuration()
        let error = #expect(throws: (any Error).self) { try Self.setting(name).set(text, in: &configuration) }
        #expect(error.map { "\($0)" } == message)
    }

    @Test(
        "the default is that of the configuration, or described",
        arguments: [
            ("port", "`8000`"), ("max-todos-per-user", "`1000`"), ("rate-limit", "`5/10s`"), ("redis", "in memory"),
            ("threads", "the number of cores"), ("admin-password", "`admin123`"), ("connection-memory", "`256`"),
        ])
    func defaults(_ name: String, _ text: String) throws {
        #expect(try Self.setting(name).markdownDefault == text)
    }

    /// `UPDATE_GOLDEN=1` rewrites the table.
    @Test("docs/server.md has the table of all settings")
    func documentation() throws {
        let file = URL(filePath: #filePath).appending(path: "../../../docs/server.md").standardized
        let document = try String(contentsOf: file, encoding: .utf8)
        let table = try #require(document.firstMatch(of: /\| Option \| Variable \|.*\n(\|.*\n)+/))
        let expected = Setting.markdownTable + "\n"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            let updated = document.replacingCharacters(in: table.range, with: expected)
            try updated.write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(table.output.0 == expected)
        }
    }
}
