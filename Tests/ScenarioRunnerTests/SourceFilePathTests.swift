import Scenario
import ScenarioRunner
import Testing

struct SourceFilePathTests {
    @Test(
        "a path in a file is relative to the file's directory",
        arguments: [
            ("a/b.json", "c.json", "a/c.json"), ("a/b.json", "../c.json", "c.json"), ("b.json", "c/d.json", "c/d.json"),
            ("b.json", "../../c.json", "../../c.json"), ("../b.json", "../c.json", "../../c.json"),
            ("b.json", "./c.json", "c.json"), ("/a/b.json", "../../../c.json", "/c.json"),
            ("a/b.json", "/c.json", "/c.json"),
        ])
    func resolve(file: String, path: String, resolved: String) {
        #expect(SourceFile(path: file, bytes: []).resolve(path) == resolved)
    }
}
