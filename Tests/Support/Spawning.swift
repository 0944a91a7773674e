import Foundation
import Glibc

/// Starts a program with no signals blocked or ignored and no open files other than its three standard ones.
/// - Parameters:
///   - input: nil for `/dev/null`.
///   - output: nil for `/dev/null`.
///   - errors: nil for `/dev/null`.
package func spawn(
    _ program: String, _ arguments: [String], input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, source) in [(STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
        if let source {
            posix_spawn_file_actions_adddup2(&actions, source, target)
        } else {
            posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
        }
    }
    // A program that inherited the sockets of other tests would keep their connections open.
    guard let addCloseFrom, addCloseFrom(&actions, STDERR_FILENO + 1) == 0 else {
        throw SpawnFailure(description: "\(program): starting it without inherited files requires glibc 2.34")
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let texts = ([program] + arguments).map { strdup($0) }
    let variables = ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") }
    defer { for text in texts + variables { free(text) } }
    var id: pid_t = 0
    let status = posix_spawn(&id, program, &actions, &attributes, texts + [nil], variables + [nil])
    guard status == 0 else { throw SpawnFailure(description: "\(program): \(String(cString: strerror(status)))") }
    return id
}

/// `posix_spawn_file_actions_addclosefrom_np`, which Swift's Glibc module does not export.
private let addCloseFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
    .map { unsafeBitCast($0, to: AddCloseFrom.self) }
private typealias AddCloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

/// Waits for a spawned program to end.
/// - Returns: its exit status; nil if a signal ended it.
@discardableResult
package func waitForEnd(of id: pid_t) -> Int32? {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? (status >> 8) & 0xff : nil
}

package struct SpawnFailure: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// Creates a pipe and returns its read end and write end. Programs only inherit them through `spawn`.
package func makePipe() throws -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SpawnFailure(description: "cannot create a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}

/// Runs blocking work on a thread of its own.
package func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}

/// Runs a program, and throws if it fails.
package func run(_ program: String, _ arguments: [String]) async throws {
    try await blocking { try runBlocking(program, arguments) }
}

private func runBlocking(_ program: String, _ arguments: [String]) throws {
    let (reading, writing) = try makePipe()
    let id = try spawn(program, arguments, errors: writing)
    close(writing)
    var text: [UInt8] = []
    while let bytes = read(from: reading, upTo: 4096) { text += bytes }
    close(reading)
    guard waitForEnd(of: id) == 0 else {
        throw SpawnFailure(description: "\(program): \(String(decoding: text, as: UTF8.self))")
    }
}

/// Waits for input and reads it; nil at the end.
package func read(from descriptor: Int32, upTo count: Int) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = max(0, read(descriptor, buffer.baseAddress, count))
    }
    return bytes.isEmpty ? nil : bytes
}
