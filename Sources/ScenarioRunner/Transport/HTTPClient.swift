import CCurl
import Scenario

/// How connections are made.
package struct ConnectionSettings: Hashable, Sendable {
    package var base: BaseURL
    /// The address that connections are made from; the system's choice where nil.
    package var address: SourceAddress?
    package var options = ClientOptions()
    /// What the paths in `options` are relative to.
    package var directory = "."

    package init(base: BaseURL, address: SourceAddress? = nil) {
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
    /// Nil where there is no memory or no file for one; no request can be sent then.
    private let multi = curl_multi_init()
    /// What the handle is set up for. The same request again, as in a `repeat`, needs no setting up.
    private var prepared: Request?

    package init(_ settings: ConnectionSettings, cookies: [String] = [], addresses: LoopbackAddresses? = nil) {
        self.settings = settings
        self.addresses = addresses
        handle.reset()
        handle.add(cookies: cookies)
    }

    deinit { if let multi { curl_multi_cleanup(multi) } }

    /// The cookies that servers have set, in libcurl's notation.
    package var cookies: [String] { handle.cookies }

    func add(cookies: [String]) { handle.add(cookies: cookies) }

    /// - Parameter stopFlag: ends the exchange, within a tenth of a second, once it is set.
    package func send(_ request: Request, until stopFlag: StopFlag? = nil) -> Exchange {
        let url = settings.base.resolve(request.target)
        let start = ContinuousClock.now
        do throws(TransportError) {
            // A redirect changes what the handle is set up for.
            if prepared == request, addresses == nil, request.options.redirects == 0 {
                handle.forgetResponse()
            } else {
                prepared = nil
                let source = addresses.map { SourceAddress($0.take()) } ?? settings.address
                try handle.prepare(request, url: url, settings, from: source)
                // A connection that is open comes from another address.
                if addresses != nil { handle.set(CURLOPT_FRESH_CONNECT, 1) }
                prepared = request
            }
            handle.watchCookies()
            let code = perform(until: stopFlag)
            return Exchange(
                request: request, url: url,
                result: code.map { handle.result($0, url: url) } ?? handle.stopped(url: url), start: start,
                duration: ContinuousClock.now - start, client: settings.options,
                storedCookies: handle.sentCookies.stored(besides: request))
        } catch {
            return Exchange(
                request: request, url: url, result: .failure(error), start: start, duration: .zero,
                client: settings.options)
        }
    }

    /// Carries out what the handle is set up for: curl_easy_perform, that can be told to stop.
    /// - Returns: how it ended; nil where it was stopped.
    private func perform(until stopFlag: StopFlag?) -> CURLcode? {
        guard let multi else { return CURLE_OUT_OF_MEMORY }
        curl_multi_add_handle(multi, handle.pointer)
        defer { curl_multi_remove_handle(multi, handle.pointer) }
        var (running, left): (Int32, Int32) = (0, 0)
        while true {
            let code = curl_multi_perform(multi, &running)
            guard code == CURLM_OK else { return CURLE_OUT_OF_MEMORY }
            if running == 0 { return curl_multi_info_read(multi, &left)?.pointee.data.result ?? CURLE_FAILED_INIT }
            if stopFlag?.isSet == true { return nil }
            curl_multi_poll(multi, nil, 0, 100, nil)
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
