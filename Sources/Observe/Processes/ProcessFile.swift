import Glibc

/// Reads files and folders of `/proc`.
enum ProcessFile {
    /// The file's content.
    /// - Returns: the error number if it cannot be read.
    static func text(_ path: String) -> Result<String, SystemError> {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return .failure(SystemError(code: errno)) }
        defer { close(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count >= 0 else { return .failure(SystemError(code: errno)) }
            guard count > 0 else { return .success(String(decoding: text, as: UTF8.self)) }
            text += buffer[..<count]
        }
    }

    /// The names in a folder, without `.` and `..`; nil if it cannot be read.
    static func names(in path: String) -> [String]? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The number of entries in a folder of descriptors. Since Linux 6.2 its size says so; before, they are counted.
    static func descriptors(of process: pid_t) -> Int? {
        let path = "/proc/\(process)/fd"
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_size > 0 ? Int(status.st_size) : names(in: path)?.count
    }

    struct SystemError: Error { let code: Int32 }
}
