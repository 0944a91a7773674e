import CCurl
import Scenario

/// Sends requests over libcurl, from one address, keeping connections open between them. Used by one thread.
package final class HTTPClient {
    private let base: BaseURL
    /// The address that connections are made from; the system's choice where nil.
    package let address: String?
    private let handle = CurlHandle()

    package init(base: BaseURL, address: String?) {
        self.base = base
        self.address = address
    }

    package func send(_ request: Request) -> Exchange {
        let url = base.resolve(request.target)
        let start = ContinuousClock.now
        do throws(TransportError) {
            try handle.prepare(request, url: url, from: address)
            let code = curl_easy_perform(handle.pointer)
            return Exchange(
                request: request, url: url, result: handle.result(code, url: url), start: start,
                duration: ContinuousClock.now - start)
        } catch {
            return Exchange(request: request, url: url, result: .failure(error), start: start, duration: .zero)
        }
    }

    /// Sends all requests at once, `concurrency` of them in flight, the first released together.
    package func burst(_ requests: [Request], concurrency: Int) throws(TransportError) -> Burst {
        try Burst.run(requests.map { ($0, base.resolve($0.target)) }, concurrency: concurrency, from: address)
    }
}
