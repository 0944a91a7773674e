import Glibc

/// Keeps the current text in a file.
struct InputRecord {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw Broken("\(path): cannot be written (\(String(cString: strerror(errno))))") }
    }

    func write(_ text: [UInt8]) {
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        ftruncate(descriptor, text.count)
    }

    func remove() {
        close(descriptor)
        unlink(path)
    }
}

func readFile(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw Broken("\(path): \(String(cString: strerror(errno)))") }
    defer { fclose(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        guard count > 0 else { return text }
        text += buffer[..<count]
    }
}
