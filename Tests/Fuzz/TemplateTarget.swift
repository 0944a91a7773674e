import Scenario

struct TemplateTarget: FuzzTarget {
    let corpus = [
        "plain", "{{name}}", "a {{user.name}} b {{list[0]}}", "{{base64('a b')}}", "{{urlEncode(base64url(name))}}",
        "{{jwt('{}', '{}', 'key')}}", "{{randomInt(1, 6)}}", "{{-1.5e3}}", "{{'a \\' b'}}", "{{ now( 0 , 'iso' ) }}",
    ]
    let tokens = [
        "{{", "}}", "(", ")", "[", "]", "'", "\\", ",", ".", " ", "\n", "0", "-1", "name", "user", "list", "uuid()",
        "sha256(", "hmacSha256(", "true", "null", "é", "😀", "{", "}",
    ]
    let maximumLength = 2048

    func check(_ input: [UInt8]) throws -> Bool {
        let text = String(decoding: input, as: UTF8.self)
        let template: Template
        do throws(TemplateParser.Fault) { template = try TemplateParser.parse(text) } catch {
            let range = 0...text.utf8.count + 1
            try require(range.contains(error.range.lowerBound), "the error starts outside the text")
            try require(range.contains(error.range.upperBound), "the error ends outside the text")
            return false
        }
        let context = TemplateContext(now: { 0 }, readFile: { _ in [] })
        let scope = Scope(
            variables: ["name": "Ada", "user": ["name": "Grace"], "list": [1, "two"]], context: context)
        let rendered = try? template.text(scope)
        if template.expressions.isEmpty { try require(rendered == text, "text without expressions changes") }
        if template.expressions.allSatisfy(\.isPure) {
            try require(rendered == (try? template.text(scope)), "a pure expression has two values")
        }
        return true
    }
}
