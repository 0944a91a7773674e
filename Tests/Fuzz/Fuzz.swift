import ArgumentParser
import Glibc

/// Feeds a parser with mutated texts, and holds what comes back to what must hold for any text.
///
/// Nothing may crash, take more time than its length allows, or break one of the target's rules. The text at hand is in
/// a file all the time, so that one which kills the process can be tried again: `fuzz json --input FILE`.
@main struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Feed a parser with mutated texts.")

    @Argument(help: "What to feed: \(FuzzTargetName.allCases.map(\.rawValue).joined(separator: ", ")).")
    var target: FuzzTargetName

    @Option(help: "How long to go on.")
    var seconds = 60

    @Option(help: "The same seed makes the same texts.")
    var seed: UInt64 = 1

    @Option(help: "Try only the text in this file.")
    var input: String?

    func run() throws {
        let target = target.make()
        if let input {
            try check(readFile(input), target)
            return print("\(input): all well")
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
            "\(self.target.rawValue): \(count) texts, \(valid) of them valid, \(Int(rate)) a second, seed \(seed): all well"
        )
        record.remove()
    }

    /// True for a valid text. What counts is the time on the processor: the machine may be busy with something else.
    @discardableResult
    private func check(_ text: [UInt8], _ target: any FuzzTarget) throws -> Bool {
        let allowed = target.allowance + .microseconds(20) * text.count
        var isValid = false
        for attempt in 1...3 {
            // A hang ends the process, and leaves the text in its file.
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
    /// What this thread has had of a processor so far.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

/// A rule that a text broke.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func require(_ condition: @autoclosure () throws -> Bool, _ rule: @autoclosure () -> String) throws {
    if try !condition() { throw Broken(rule()) }
}
