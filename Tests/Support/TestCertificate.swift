/// A self-signed certificate and its key, as PEM files in a temporary directory.
package struct TestCertificate: Sendable {
    package let directory: String
    package var file: String { directory + "/cert.pem" }
    package var key: String { directory + "/key.pem" }

    /// Options of `openssl s_server`.
    package var options: String { "-key \(key) -cert \(file)" }

    /// - Parameter names: the subject alternative names in OpenSSL's syntax: `IP:127.0.0.1,DNS:localhost`.
    package static func with<Value>(
        names: String = "IP:127.0.0.1,DNS:localhost", _ body: (TestCertificate) async throws -> Value
    ) async throws -> Value {
        try await TemporaryDirectory.with { directory in
            let certificate = TestCertificate(directory: directory)
            let arguments = [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=test", "-addext", "subjectAltName=\(names)", "-keyout", certificate.key,
                "-out", certificate.file,
            ]
            try await run(Programs.installed("openssl", package: "openssl"), arguments)
            return try await body(certificate)
        }
    }
}
