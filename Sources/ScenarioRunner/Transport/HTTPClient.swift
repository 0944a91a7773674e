import CCurl
import Scenario

/// How connections are made.
package struct ConnectionSettings: Hashable, Sendable {
    package var base: BaseURL
    /// The address that connections are made from; the system's choice where nil.
    package var address: String?
    package var options = ClientOptions()
    /// What the paths in `options` are relative to.
    package var directory = "."

    package init(base: BaseURL, address: String? = nil) {
        self.base = base
        self.address = address
    }

    func path(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
}

/// Sends requests over libcurl, keeping connections open and cookies in mind between them. Used by one thread.
package final class HTTPClient {
    package let settings: ConnectionSettings
    /// Where each request takes an address of its own; nil where all come from the settings'.
    let addresses: LoopbackAddresses?
    private let handle = CurlHandle()
    /// What the handle is set up for. The same request again, as in a `repeat`, needs no setting up.
    private var prepared: Request?

    package init(_ settings: ConnectionSettings, cookies: [String] = [], addresses: LoopbackAddresses? = nil) {
        self.settings = settings
        self.addresses = addresses
        handle.reset()
        handle.add(cookies: cookies)
    }

    /// The cookies that servers have set, in libcurl's notation.
    package var cookies: [String] { handle.cookies }

    /// - Parameter stopFlag: ends the exchange, within about a second, once it is set.
    package func send(_ request: Request, until stopFlag: StopFlag? = nil) -> Exchange {
        let url = settings.base.resolve(request.target)
        let start = ContinuousClock.now
        do throws(TransportError) {
            if prepared == request, addresses == nil {
                handle.forgetResponse()
            } else {
                prepared = nil
                var settings = settings
                if let addresses { settings.address = addresses.take() }
                try handle.prepare(request, url: url, settings)
                prepared = request
            }
            handle.sink.stopFlag = stopFlag
            let code = curl_easy_perform(handle.pointer)
            return Exchange(
                request: request, url: url, result: handle.result(code, url: url), start: start,
                duration: ContinuousClock.now - start)
        } catch {
            return Exchange(request: request, url: url, result: .failure(error), start: start, duration: .zero)
        }
    }

    /// Sends all requests at once, `concurrency` of them in flight, the first released together.
    package func burst(
        _ requests: [Request], concurrency: Int, until stopFlag: StopFlag? = nil
    ) throws(TransportError) -> Burst {
        try Burst.run(
            requests.map { ($0, settings.base.resolve($0.target)) }, concurrency: concurrency, settings,
            cookies: cookies, addresses: addresses, stopFlag: stopFlag)
    }
}
