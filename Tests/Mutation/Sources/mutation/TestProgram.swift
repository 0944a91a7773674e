import Foundation
import Mutants

/// The built tests of the copy. They are started directly, which saves the package manager's start.
struct TestProgram {
    enum Ending {
        case passed
        case failed(String)
        case timedOut
    }

    let copy: URL
    /// Words before the program, such as `nice`.
    let prefix: [String]
    private let bundle: String

    init(copy: URL, prefix: [String]) throws {
        self.copy = copy
        self.prefix = prefix
        let products = copy.appending(path: ".build/debug")
        let names = try FileManager.default.contentsOfDirectory(atPath: products.path)
        guard let name = names.first(where: { $0.hasSuffix(".xctest") }) else {
            throw MutationError("no tests in \(products.path)")
        }
        bundle = products.appending(path: name).path
    }

    func suites(of targets: [String]) throws -> [String] {
        let listing = try process(["--list-tests"]).run()
        guard listing.status == 0 else { throw MutationError("cannot list the tests:\n\(listing.output)") }
        return TestSuiteName.names(listing: listing.output, targets: Set(targets))
    }

    /// Runs suites up to the first failure.
    func run(_ suites: [String], environment: [String: String], limit: Int) throws -> (Ending, seconds: Double) {
        let temporary = URL(filePath: "/tmp/mutation-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: temporary) }
        var child = process(["--filter", TestSuiteName.filter(suites)])
        child.environment = environment
        child.environment["NO_COLOR"] = "1"
        child.environment["TMPDIR"] = temporary.path
        child.environment["SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH"] = "8"
        let ending = try child.run(limit: limit) { $0.hasPrefix("✘ ") }
        if let line = ending.decisiveLine { return (.failed(line), ending.seconds) }
        if ending.timedOut { return (.timedOut, ending.seconds) }
        if ending.status == 0 { return (.passed, ending.seconds) }
        // Swift Testing's status if the filter matched nothing.
        if ending.status == 69 { throw MutationError("no tests match \(TestSuiteName.filter(suites))") }
        let last = ending.output.split(separator: "\n").last.map(String.init) ?? ""
        return (.failed("exit status \(ending.status): \(last)"), ending.seconds)
    }

    private func process(_ arguments: [String]) -> ChildProcess {
        ChildProcess(command: prefix + [bundle, "--testing-library", "swift-testing"] + arguments, directory: copy)
    }
}
