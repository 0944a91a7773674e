import Testing

@testable import Scenario

struct SecretsTests {
    private static func redact(_ text: String, _ secrets: String...) -> String {
        var all = Secrets()
        for secret in secrets { all.insert(secret) }
        return all.redact(text)
    }

    private static let hard = "pä\"s/s<w>&\\o r😀d"

    @Test(
        "a secret is masked in every encoding",
        arguments: [
            hard,
            #"pä\"s/s<w>&\\o r😀d"#,
            #"p\u00e4\"s\/s\u003cw\u003e\u0026\\o r\ud83d\ude00d"#,
            #"p\u00E4\u0022s\u002Fs\u003Cw\u003E\u0026\u005co\u0020r\uD83D\uDE00d"#,
            // JSON in JSON, and in JSON again.
            #"p\\u00e4\\\"s\\/s<w>&\\\\o r\\ud83d\\ude00d"#,
            #"pä\\\\\\\"s/s<w>&\\\\\\\\o r😀d"#,
            "p%C3%A4%22s%2Fs%3Cw%3E%26%5Co%20r%F0%9F%98%80d",
            "p%c3%a4%22s%2fs%3cw%3e%26%5co+r%f0%9f%98%80d",
            "p%25C3%25A4%2522s%252Fs%253Cw%253E%2526%255Co%2520r%25F0%259F%2598%2580d",
            "p\u{E4}&quot;s/s&lt;w&gt;&amp;\\o r😀d",
            "p&#228;&#34;s&#x2F;s&#60;w&#x3e;&#038;\\o&#32;r&#x1F600;d",
            "pä&amp;quot;s/s&amp;lt;w&amp;gt;&amp;amp;\\o r😀d",
            // JSON in a form field.
            "p%5Cu00e4%5C%22s%2Fs%3Cw%3E%26%5C%5Co%20r%F0%9F%98%80d",
            Encoding.base64(Array(hard.utf8)), Encoding.base64url(Array(hard.utf8)),
            Encoding.percent(Encoding.base64(Array(hard.utf8))),
        ])
    func forms(form: String) {
        #expect(Self.redact("<\(form)|\(form)>", Self.hard) == "<***|***>")
    }

    @Test("a secret among thousands of others is masked in every encoding")
    func among() {
        let forms = [
            Self.hard, #"p\\u00e4\\\"s\\/s<w>&\\\\o r😀d"#, "p%25C3%25A4%2522s%252Fs%253Cw%253E%2526%255Co%2520r😀d",
            "p&#228;&#34;s&#x2F;s&#60;w&#x3e;&#038;\\o+r😀d", Encoding.base64(Array("x\(Self.hard)yz".utf8)),
        ]
        for isBranched in [false, true] {
            var secrets = Secrets()
            for number in 0..<3000 { secrets.insert("pä\"s-\(number &* 7919)-\(number)") }
            if isBranched { secrets = secrets.branch() }
            secrets.insert(Self.hard)
            if isBranched { secrets = secrets.branch().branch() }
            #expect(secrets.redact(#"<pä\"s-7919-1|p%C3%A4%22s-15838-2>"#) == "<***|***>")
            for form in forms {
                #expect(secrets.redact("<\(form)>") == Self.redact("<\(form)>", Self.hard))
            }
            #expect(secrets.redact("pä\"s-unknown %2 & \\ +") == "pä\"s-unknown %2 & \\ +")
        }
    }

    @Test("a secret that begins with backslashes is masked in JSON")
    func backslashes() {
        #expect(Self.redact(#"{"a":"\\\\share"}"#, #"\\share"#) == #"{"a":"***"}"#)
    }

    @Test("a branch leaves its origin unchanged, and the origin can merge its additions")
    func branches() {
        var secrets = Secrets()
        secrets.insert("first")
        var branch = secrets.branch()
        branch.insert("second")
        #expect(secrets.redact("first second") == "*** second")
        #expect(branch.redact("first second") == "*** ***")
        secrets.insert("third")
        #expect(branch.redact("first second third") == "*** *** third")
        secrets.formUnion(additionsOf: branch)
        #expect(secrets.redact("first second third") == "*** *** ***")
        var union = Secrets()
        union.formUnion(branch)
        #expect(union.redact("first second third") == "*** *** third")
    }

    @Test(
        "a secret is masked in the base64 of a text around it, at any offset",
        arguments: ["", "u", "us", "use", "user", "user:"], ["", "x", "xy", "xyz"])
    func withinBase64(before: String, after: String) {
        let bytes = Array((before + "Sup3r>S?cret" + after).utf8)
        for text in [Encoding.base64(bytes), Encoding.base64url(bytes)] {
            let shown = Self.redact(text, "Sup3r>S?cret")
            let own = text.utf8.prefix { $0 != UInt8(ascii: "=") }
            // Characters that hold only some of its bits are masked too.
            let (kept, lost) = (before.utf8.count * 8 / 6, (before.utf8.count + 12) * 8)
            let rest = own.dropFirst((lost + 5) / 6)
            #expect(shown.hasPrefix("\(text.prefix(kept))***\(String(decoding: rest, as: UTF8.self))"))
        }
    }

    @Test("a secret is masked in the base64 of a text whose beginning is cut off")
    func cutBase64() {
        let text = Encoding.base64(Array("uSup3rS3cret".utf8))
        #expect(Self.redact(String(text.dropFirst()), "Sup3rS3cret") == "***")
    }

    @Test("a secret is masked in the base64 of binary data")
    func binaryBase64() {
        let text = Encoding.base64(Array("Supa".utf8) + [0xA0, 0x41])
        #expect(Self.redact(text, "Supa") == "***\(text.suffix(2))")
    }

    @Test("a secret too short for base64 is masked only as it is")
    func shortBase64() {
        #expect(Self.redact("Yh a", "a") == "Yh ***")
    }

    @Test("values derived from a secret are secret, and their neighbours are not")
    func derived() throws {
        let scenario = try Fixture.read(
            """
            { "name": "n",
              "variables": {
                "pw": { "value": "Sup3rS3cret", "secret": true }, "up": "user:{{pw}}", "digest": "{{sha256(up)}}",
                "nested": { "value": { "plain": "shown", "made": ["also shown", "{{base64(up)}}"] } } },
              "steps": [ { "id": "a", "request": { "url": "/" } } ] }
            """)
        let variables = try scenario.initialScope(context: Fixture.scope().context).variables
        let secrets = scenario.secrets(in: variables)
        for text in [Encoding.base64(Array("user:Sup3rS3cret".utf8)), "user:Sup3rS3cret"] {
            #expect(secrets.redact(text) == "***")
        }
        #expect(secrets.redact(try #require(variables["digest"]).templateText) == "***")
        #expect(secrets.redact("shown also shown") == "shown also shown")
    }

    @Test(
        "the characters of an encoding can be part of a secret",
        arguments: [
            ("%25x", "%25x"), ("%25x", "%2525x"), ("%", "%25"), ("a&amp;b", "a&amp;b"), ("a&amp;b", "a&amp;amp;b"),
            (#"a\"#, #"a\\"#), (#"\"a"#, #"\\\"a"#), ("it's", "it&#x27;s"), ("it's", "it&#39;s"), ("a\nb", #"a\\nb"#),
        ])
    func ambiguity(secret: String, written: String) {
        #expect(Self.redact("<\(written)>", secret) == "<***>")
    }

    @Test(
        "text that only resembles a secret is kept",
        arguments: ["pa\\ss", "pas", "p%61s", "PASS", "pa&#115;", "pa%", "pa&#", "pa&"])
    func others(text: String) {
        #expect(Self.redact(text, "pass") == text)
    }

    @Test("nested and overlapping secrets are masked completely")
    func nested() {
        #expect(Self.redact("abcdef abc", "abc", "abcdef") == "*** ***")
        #expect(Self.redact("xabcdefx", "abcd", "cdef") == "x***x")
    }

    @Test("masking a long body takes linear time", .timeLimit(.minutes(1)))
    func linear() {
        for filling in ["\\", "%5C", "&amp;", "%25", "a", "\\u0061"] {
            let body = String(repeating: filling, count: (1 << 17) / filling.utf8.count)
            #expect(Self.redact(body + "\"secret", "\"secret", "a%&\\secret") != body)
        }
    }

    @Test("a long secret of characters with many encodings is masked", arguments: ["&", "%"])
    func long(_ character: String) {
        let secret = (0..<100_000).map { "\(character)\($0)" }.joined()
        #expect(Self.redact("<\(secret)>", secret) == "<***>")
        #expect(Self.redact("<\(Encoding.percent(secret))>", secret) == "<***>")
    }

    @Test("masking a file keeps all places")
    func files() {
        var secrets = Secrets()
        secrets.insert("hunter2")
        let file = secrets.redact(SourceFile(path: "a", bytes: Array("x hunter2 y".utf8)))
        #expect(file.line(1) == "x ******* y")
    }

    @Test("a one-letter secret is masked in values, but not in the program's own words")
    func short() {
        var secrets = Secrets()
        secrets.insert("s")
        #expect(secrets.redact("yes") == "ye***")
        #expect(secrets.redact(wording: "status is not as expected") == "status is not as expected")
        let words = ValueWords(hiding: secrets)
        #expect(words.text(of: .string("yes")) == "\"ye***\" (string)")
    }

    @Test("a value is masked before it is cut")
    func cut() {
        var secrets = Secrets()
        secrets.insert("0123456789")
        let text = ValueWords(hiding: secrets).text(of: .string("abcde0123456789"), limit: 10)
        #expect(text == "\"abcde***\" (string)")
    }
}

struct UserinfoTests {
    @Test(
        "the password in a URL is found and decoded",
        arguments: [
            ("http://user:pw@host/a", "pw"), ("https://u:p%40w@host:80", "p@w"), ("http://u:a:b@c@host", "a:b@c"),
            ("http://u:5%4g%@host", "5%4g%"),
            ("http://user@host", nil), ("http://host/a:b@c", nil), ("/a:b@c", nil), ("http://u:@host", nil),
        ])
    func password(url: String, password: String?) {
        #expect(Userinfo(of: url)?.password == password)
    }
}
