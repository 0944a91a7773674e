import CCurl
import Glibc
import Scenario

/// Sends requests over libcurl and keeps connections and cookies between them. Used by one thread.
package final class HTTPClient {
    package let settings: ConnectionSettings
    /// Provides a source address for each request; nil if all use the one in the settings.
    let addresses: LoopbackAddresses?
    private let handle = CurlHandle()
    private let multi: CurlMulti
    /// The descriptor of the open connection that it used last; -1 if there is none.
    private var connection: Int32 = -1
    /// The request that the handle is set up for. Sending it again, as in a `repeat`, needs no further setup.
    private var prepared: Request?

    /// - Parameters:
    ///   - cookies: cookies to begin with, in libcurl's notation.
    ///   - addresses: provides a source address for each request.
    package convenience init(
        _ settings: ConnectionSettings, cookies: [String] = [], addresses: LoopbackAddresses? = nil
    ) {
        self.init(settings, cookies: cookies, addresses: addresses, on: CurlMulti())
    }

    init(
        _ settings: ConnectionSettings, cookies: [String], addresses: LoopbackAddresses? = nil, on multi: CurlMulti
    ) {
        self.settings = settings
        self.addresses = addresses
        self.multi = multi
        handle.reset()
        handle.add(cookies: cookies)
    }

    /// Closes the connection that it used last. libcurl does not use a connection again that is closed.
    func closeConnection() {
        if connection >= 0 { shutdown(connection, Int32(SHUT_RDWR)) }
        connection = -1
    }

    /// The cookies set by servers, in libcurl's notation.
    package var cookies: [String] { handle.cookies }

    func add(cookies: [String]) { handle.add(cookies: cookies) }

    /// - Parameter stopFlag: once it is set, the exchange ends within a tenth of a second.
    package func send(_ request: Request, until stopFlag: StopFlag? = nil) -> Exchange {
        let url = settings.base.resolve(request.target)
        let source = addresses.map { SourceAddress($0.take()) } ?? settings.address
        let start = ContinuousClock.now
        do throws(TransportError) {
            // Following a redirect changes the handle's setup.
            if prepared == request, addresses == nil, request.options.redirects == 0 {
                handle.forgetResponse()
            } else {
                prepared = nil
                try handle.prepare(request, url: url, settings, from: source)
                // An open connection has another source address.
                if addresses != nil { handle.set(CURLOPT_FRESH_CONNECT, 1) }
                prepared = request
            }
            handle.watchCookies()
            let code = perform(until: stopFlag)
            return Exchange(
                request: request, url: url,
                result: code.map { handle.result($0, url: url) } ?? handle.stopped(url: url), start: start,
                duration: ContinuousClock.now - start, client: settings.options,
                storedCookies: handle.sentCookies.stored(besides: request), source: source?.text)
        } catch {
            return Exchange(
                request: request, url: url, result: .failure(error), start: start, duration: .zero,
                client: settings.options)
        }
    }

    /// Performs the transfer like curl_easy_perform, but can be stopped.
    ///
    /// - Returns: libcurl's result; nil if the run was stopped.
    private func perform(until stopFlag: StopFlag?) -> CURLcode? {
        guard let multi = multi.pointer else { return CURLE_OUT_OF_MEMORY }
        curl_multi_add_handle(multi, handle.pointer)
        defer { curl_multi_remove_handle(multi, handle.pointer) }
        connection = -1
        var (running, left): (Int32, Int32) = (0, 0)
        while true {
            let code = curl_multi_perform(multi, &running)
            guard code == CURLM_OK else { return CURLE_OUT_OF_MEMORY }
            if running == 0 {
                connection = handle.connection
                return curl_multi_info_read(multi, &left)?.pointee.data.result ?? CURLE_FAILED_INIT
            }
            if stopFlag?.isSet == true { return nil }
            curl_multi_poll(multi, nil, 0, 100, nil)
        }
    }

    /// Sends all requests with up to `concurrency` in flight; the first `concurrency` are released together.
    package func burst(
        _ requests: [Request], concurrency: Int, until stopFlag: StopFlag? = nil
    ) throws(TransportError) -> Burst {
        try Burst.run(
            requests.map { ($0, settings.base.resolve($0.target)) }, concurrency: concurrency, settings,
            cookies: cookies, addresses: addresses, stopFlag: stopFlag)
    }
}
