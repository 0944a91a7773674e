import Glibc
import Testing
import TestSupport

@testable import Load

@Suite(.timeLimit(.minutes(1)))
struct RequestLimitTests {
    @Test(
        "exactly the maximum of requests is counted, responses and errors together, with and without a warm-up",
        arguments: [0, 100], [1, 2])
    func requests(warmUp: Int, threads: Int) throws {
        let server = try ScriptedServer { connection in
            for turn in 1... {
                // Each user has a request in flight when the measurement begins: more than are to be measured.
                guard connection.read() != nil else { return }
                usleep(5_000)
                if turn % 7 == 0 { return }
                connection.write(answer("hello"))
            }
        }
        for requests in [3, 50] {
            let result = try LoadResult.load(server.address) {
                $0.virtualUsers = 20
                $0.threads = threads
                $0.warmUp = .milliseconds(warmUp)
                $0.duration = .seconds(20)
                $0.maximumRequests = requests
            }
            #expect(result.responses + result.errors == requests)
            #expect(result.inFlight == 0)
        }
    }
}
