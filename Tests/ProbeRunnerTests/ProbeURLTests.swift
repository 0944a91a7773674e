import ProbeRunner
import Scenario
import ScenarioRunner
import Testing

struct ProbeURLTests {
    @Test(
        "only this machine and private networks may be probed without being asked",
        arguments: [
            ("http://localhost:80/", true), ("http://127.9.9.9/", true), ("http://[::1]:8080/x", true),
            ("http://10.0.0.1/", true), ("http://172.16.0.1/", true), ("http://172.31.255.1/", true),
            ("http://192.168.1.1/", true), ("http://[fd00::1]/", true), ("http://172.32.0.1/", false),
            ("http://11.0.0.1/", false), ("http://192.169.0.1/", false), ("http://example.com/", false),
            ("http://127.0.0.1.example.com/", false), ("http://[2001:db8::1]/", false),
            ("http://localhost.example/", false),
        ])
    func isPrivate(text: String, isPrivate: Bool) throws {
        #expect(try #require(ProbeURL(text)).base.isPrivate == isPrivate)
    }

    @Test("a URL is split into server and path with query")
    func parts() throws {
        #expect(try #require(ProbeURL("http://127.0.0.1:8080/a/b?c=d//e")).path == "/a/b?c=d//e")
        #expect(try #require(ProbeURL("http://127.0.0.1:8080")).path == "/")
        #expect(ProbeURL("scenario.json") == nil)
        #expect(ProbeURL("folder/http://x/scenario.json") == nil)
    }

    @Test(
        "a budget is a number of requests and a time",
        arguments: [
            ("5000/10m", true), ("1/1s", true), ("0/1s", false), ("10", false), ("10/0s", false), ("x/1s", false),
            ("10/25h", false), ("10/1s/2", false), ("99999999/1s", false),
        ])
    func budget(text: String, isValid: Bool) { #expect((ProbeBudget(parsing: text) != nil) == isValid) }
}
