import Scenario

/// Fuzzes the scenario reader: a file is read, or every error has a place in it.
struct ScenarioTarget: FuzzTarget {
    let corpus = [
        #"{"name":"n","steps":[{"id":"a","request":{"url":"/"},"expect":{"status":200}}]}"#,
        #"{"name":"n","variables":{"a":1,"b":{"env":"B","default":"{{a}}","secret":true}},"steps":[{"id":"s","sleep":"1m30s"}]}"#,
        #"{"name":"n","steps":[{"id":"a","repeat":3,"request":{"method":"POST","url":"/{{x}}","json":{"t":["{{uuid()}}"]}},"expectAll":{"status":{"counts":{"2xx":1,"other":2}},"json":{"$.a[?@.b>1]":{"allEqual":true}},"time":{"percentile":{"99":{"lt":"5ms"}}}}}]}"#,
        #"{"name":"n","steps":[{"id":"p","parallel":[{"id":"q","burst":{"count":2},"request":{"url":"/"},"capture":{"c":{"header":"L","match":"a(b)"}}}]}],"load":{"classes":{"hit":{"json":{"$.s":{"jwt":{"claims":{"$.sub":"x"}}}}}}}}"#,
    ]
    let tokens = [
        "{", "}", "[", "]", "\"", ":", ",", "{{", "}}", "\"expect\":", "\"id\":", "\"poll\":{\"until\":{}}",
        "\"call\":{}",
        "\"$.a\"", "{\"not\":", "{\"each\":", "\"10s\"", "1e9", "-1", "null", "//", "/*", "\"data\":{\"rows\":[{}]}",
        "\"multipart\":{\"f\":{\"file\":\"x\"}}", "\\u0000", "é", "😀",
    ]
    let maximumLength = 4096

    func check(_ input: [UInt8]) throws -> Bool {
        let file = SourceFile(path: "fuzz.json", bytes: input)
        do throws(InvalidFile) { _ = try ScenarioReader.read(file) } catch {
            try require(!error.diagnostics.isEmpty, "an invalid file without a diagnostic")
            for diagnostic in error.diagnostics {
                try require(diagnostic.range.lowerBound >= 0, "a diagnostic before the file")
                try require(diagnostic.range.upperBound <= input.count + 1, "a diagnostic outside the file")
                _ = DiagnosticRenderer(style: .plain).render(diagnostic)
            }
            return false
        }
        return true
    }
}
