import Testing

@testable import Observe

@Suite struct ObservationSourceTests {
    @Test(
        "a source is shown without its credentials",
        arguments: [
            ("pid:4711", "pid:4711"), ("redis://127.0.0.1", "redis://127.0.0.1:6379"),
            ("redis://:hunter2@cache:7000/3", "redis://cache:7000"), ("redis://me:hunter2@[::1]:1", "redis://[::1]:1"),
            ("unix://:hunter2@/run/redis.sock?db=1", "unix:///run/redis.sock"),
            ("postgres://me:hunter2@db:5432/todos", "postgres://me@db:5432/todos"),
            ("postgresql:///todos?host=/run&password=hunter2", "postgresql:///todos"),
        ])
    func names(text: String, name: String) throws {
        #expect(try ObservationSource(parsing: text).name == name)
    }

    @Test(
        "other texts are rejected, and not repeated",
        arguments: [
            "", "pid:", "pid:0", "pid:-1", "pid:hunter2", "pid:99999999999", "redis://", "redis://:hunter2@",
            "redis://h:99999", "unix://", "rediss://:hunter2@host", "http://hunter2", "hunter2",
        ])
    func rejected(text: String) throws {
        let error = #expect(throws: ObservationError.self) { try ObservationSource(parsing: text) }
        #expect(error?.description.contains("hunter2") == false && error?.description.isEmpty == false)
    }

    @Test("a password may be percent-encoded")
    func encoded() throws {
        guard case .redis(let address) = try ObservationSource(parsing: "redis://a%40b:p%2Fw@host") else {
            throw ObservationError("not a Redis")
        }
        #expect(address.user == "a@b" && address.password == "p/w")
    }
}
