/// A self-signed certificate and its key, as PEM files in a temporary directory.
struct TestCertificate {
    let file: String
    let key: String

    /// - Parameter names: the subject alternative names in OpenSSL's syntax: `IP:127.0.0.1,DNS:localhost`.
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
            guard status == 0 else { throw SpawnFailure(description: "openssl did not create a certificate") }
            return try await body(certificate)
        }
    }
}
