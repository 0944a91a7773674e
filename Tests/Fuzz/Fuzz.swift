import ArgumentParser
import Glibc

/// Feeds mutated texts to a parser and checks the rules that hold for any text.
///
/// A text must not crash the parser, take more time than its length allows, or break one of the target's rules. The
/// current text is always in a file, so that one that kills the process can be tried again: `fuzz json --input FILE`.
@main struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Feed mutated texts to a parser.")

    @Argument(help: "Parser to fuzz: \(FuzzTargetName.allCases.map(\.rawValue).joined(separator: ", ")).")
    var target: FuzzTargetName

    @Option(help: "How long to run.")
    var seconds = 60

    @Option(help: "Seed of the generated texts.")
    var seed: UInt64 = 1

    @Option(help: "Try only the text in this file, and exit.")
    var input: String?

    func run() throws {
        let target = target.make()
        if let input {
            try check(readFile(input), target)
            return print("\(input): OK")
        }
        let record = try InputRecord("fuzz-\(self.target.rawValue).input")
        var mutator = Mutator(target.corpus, tokens: target.tokens, maximumLength: target.maximumLength, seed: seed)
        let clock = ContinuousClock()
        let (start, end) = (clock.now, clock.now + .seconds(seconds))
        var count = 0
        var valid = 0
        while clock.now < end {
            let text = mutator.next()
            record.write(text)
            if try check(text, target) { valid += 1 }
            count += 1
        }
        let rate = Double(count) / ((clock.now - start) / .seconds(1))
        print(
            "\(self.target.rawValue): \(count) texts, \(valid) of them valid, \(Int(rate)) per second, seed \(seed): OK"
        )
        record.remove()
    }

    /// Returns whether the text is valid. Limits the CPU time, since the machine may be busy.
    @discardableResult
    private func check(_ text: [UInt8], _ target: any FuzzTarget) throws -> Bool {
        let allowed = target.allowance + .microseconds(20) * text.count
        var isValid = false
        for attempt in 1...3 {
            // A hang ends the process and leaves the text in its file.
            alarm(30)
            let start = Self.processorTime
            isValid = try target.check(text)
            let time = Self.processorTime - start
            alarm(0)
            if time <= allowed { break }
            if attempt == 3 { throw Broken("\(text.count) bytes took \(time), more than \(allowed)") }
        }
        return isValid
    }
}

extension Fuzz {
    /// The CPU time of this thread so far.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

/// A rule that a text violated.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func require(_ condition: @autoclosure () throws -> Bool, _ rule: @autoclosure () -> String) throws {
    if try !condition() { throw Broken(rule()) }
}
