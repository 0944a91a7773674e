import Testing

@testable import Scenario

struct SecretsTests {
    @Test("a secret is masked in every form in which it can appear")
    func forms() {
        var secrets = Secrets()
        secrets.insert("pä\"ss word")
        for form in [
            "pä\"ss word", "p\u{E4}\\\"ss word", "p%C3%A4%22ss%20word", Encoding.base64(Array("pä\"ss word".utf8)),
        ] {
            #expect(secrets.redact("<\(form)|\(form)>") == "<***|***>")
        }
    }

    @Test("a secret within a secret leaves nothing over")
    func nested() {
        var secrets = Secrets()
        secrets.insert("abc")
        secrets.insert("abcdef")
        #expect(secrets.redact("abcdef abc") == "*** ***")
    }

    @Test("places in a file stay where they are")
    func files() {
        var secrets = Secrets()
        secrets.insert("hunter2")
        let file = secrets.redact(SourceFile(path: "a", bytes: Array("x hunter2 y".utf8)))
        #expect(file.line(1) == "x ******* y")
    }
}
