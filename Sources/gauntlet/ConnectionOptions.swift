import ArgumentParser
import Foundation
import Scenario

/// Connection options; they override what the files say.
struct ConnectionOptions: ParsableArguments {
    @OptionGroup var tls: TLSOptions

    @Option(help: ArgumentHelp("HTTP or SOCKS proxy. Proxy environment variables are ignored.", valueName: "url"))
    var proxy: String?

    func validate() throws {
        guard let proxy, let fault = ClientOptions.fault(inProxy: proxy) else { return }
        throw ValidationError("--proxy: \(fault)")
    }

    var client: ClientOptions {
        var client = tls.client
        client.proxy = proxy
        return client
    }
}

/// TLS verification options; they override what the files say.
struct TLSOptions: ParsableArguments {
    @Flag(help: "Do not verify TLS certificates.")
    var insecure = false

    @Option(help: ArgumentHelp("PEM file of certificate authorities, instead of the system's.", valueName: "file"))
    var caFile: String?

    var client: ClientOptions {
        var client = ClientOptions()
        client.isInsecure = insecure
        client.caFile = caFile.map { $0.hasPrefix("/") ? $0 : "\(FileManager.default.currentDirectoryPath)/\($0)" }
        return client
    }
}
