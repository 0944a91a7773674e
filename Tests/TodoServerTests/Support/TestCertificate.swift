/// A certificate that vouches for itself, and its key: PEM files in a folder that is gone when the test is over.
struct TestCertificate {
    let file: String
    let key: String

    /// - Parameter names: whom it names, as OpenSSL writes it: `IP:127.0.0.1,DNS:localhost`.
    static func with<Value>(names: String, _ body: (TestCertificate) async throws -> Value) async throws -> Value {
        try await withTemporaryDirectory { directory in
            let certificate = TestCertificate(file: directory + "/cert.pem", key: directory + "/key.pem")
            let openssl = try Programs.installed("openssl", package: "openssl")
            let arguments = [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=test", "-addext", "subjectAltName=\(names)", "-keyout", certificate.key,
                "-out", certificate.file,
            ]
            let status = try waitForEnd(of: spawn(openssl, arguments))
            guard status == 0 else { throw SpawnFailure(description: "openssl made no certificate") }
            return try await body(certificate)
        }
    }
}
