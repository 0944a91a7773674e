import Foundation
import Mutants

/// Builds the mutants of some modules and runs the tests that reach each of them.
struct MutationRun {
    struct Options {
        /// Mutants of each module; nil for all.
        let sample: Int?
        let seed: UInt64
        let retriesSurvivors: Bool
        /// Minutes after which no further mutant of a module is run. The ones before are a random sample too.
        let minutes: Int?
        /// Suites that take more seconds are not run.
        let longestSuite: Double?
        let buildCommand: [String]
        let testPrefix: [String]
    }

    let modules: [MutatedModule]
    let copy: WorkingCopy
    let options: Options
    let equivalents: EquivalentMutants
    private var journal: Journal
    private let sources: [String: String]

    init(
        _ modules: [MutatedModule], copy: WorkingCopy, state: URL, options: Options, equivalents: EquivalentMutants
    ) throws {
        self.modules = modules
        self.copy = copy
        self.options = options
        self.equivalents = equivalents
        journal = try Journal(directory: state)
        sources = try modules.reduce(into: [:]) { $0.merge(try $1.readSources(in: copy.checkout)) { one, _ in one } }
    }

    /// How many mutants of a module are wanted.
    func count(_ module: MutatedModule) -> Int {
        // Half the maximum, so that a share can be added.
        module.sample ?? options.sample ?? .max / 2
    }

    /// For each module, all mutants of its folders in the order in which the sample takes them.
    var candidates: [[Mutant]] {
        modules.map { module in
            let own = sources.filter { $0.key.hasPrefix("Sources/\(module.name)/") }
            let signatures = Signatures(sources: Array(own.values))
            let mutants = own.filter { module.contains($0.key) }.flatMap {
                MutantFinder.mutants(file: $0.key, source: $0.value, signatures: signatures)
            }
            return Sample.order(mutants, seed: options.seed)
        }
    }

    mutating func build() throws -> (mutants: [[MutatedBuild.Numbered]], tree: TreeFingerprint) {
        let candidates = candidates
        let all = candidates.flatMap(\.self)
        for entry in equivalents.stale(among: all, files: Set(all.map(\.file))) {
            say("stale entry in the list of equivalent mutants: \(entry.file): \(entry.code)")
        }
        let build = MutatedBuild(copy: copy, command: options.buildCommand, sources: sources)
        let built = try build.build(candidates, counts: modules.map(count), journal: &journal)
        for (module, (mutants, known)) in zip(modules, zip(built.mutants, candidates)) {
            say("\(mutants.count) of \(known.count) mutants in \(module.folders.joined(separator: ", "))")
        }
        return built
    }

    mutating func results() throws -> [MutantResult] {
        let (mutants, tree) = try build()
        let program = try TestProgram(copy: copy.copy, prefix: options.testPrefix)
        var results: [MutantResult] = []
        for (module, mutants) in zip(modules, mutants) {
            let reach = try record(program, for: module, tree: tree)
            let runner = MutantRunner(
                program: program, reach: reach, targets: module.testTargets, longestSuite: options.longestSuite)
            results += try run(mutants, with: runner)
        }
        return results
    }

    /// Runs each suite once without a mutant, to see which mutants it reaches and how long it takes.
    private func record(
        _ program: TestProgram, for module: MutatedModule, tree: TreeFingerprint
    ) throws -> TestReach {
        var reach = journal.readReach() ?? TestReach()
        reach.forgetChanged(in: tree)
        for suite in try program.suites(of: module.testTargets.flatMap(\.self)) where reach.suites[suite] == nil {
            let file = journal.recordFile
            try? FileManager.default.removeItem(at: file)
            let (ending, seconds) = try program.run(
                [suite], environment: [SwitchSource.record: file.path], limit: 600)
            var reached: Set<Int> = []
            if case .passed = ending {
                let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
                reached = Set(lines.compactMap { Int($0) })
                say("  \(suite): \(reached.count) mutants, \(Int(seconds.rounded(.up))) s")
            } else {
                say("  \(suite) fails without a mutant and is not used: \(ending)")
            }
            let fingerprint = tree.tests(of: TestSuiteName.target(of: suite))
            reach.add(suite, TestReach.Suite(fingerprint: fingerprint, seconds: seconds, reached: reached))
            try journal.write(reach)
        }
        return reach
    }

    private mutating func run(_ mutants: [MutatedBuild.Numbered], with runner: MutantRunner) throws -> [MutantResult] {
        var results: [MutantResult] = []
        var progress = Progress(total: mutants.count)
        let start = ContinuousClock.now
        for (number, mutant) in mutants {
            if equivalents.entry(for: mutant) != nil {
                results.append(MutantResult(mutant, .equivalent, suites: [], failure: nil, seconds: 0))
                progress.skip()
            } else if let known = journal.results[mutant.identity],
                !(options.retriesSurvivors && known.outcome.isSurvivor)
            {
                results.append(known)
                progress.skip()
            } else if options.minutes.map({ start.duration(to: .now) < .seconds(60 * $0) }) ?? true {
                let result = try runner.run(mutant, number: number)
                try journal.add(result)
                results.append(result)
                progress.add(result)
            }
        }
        return results
    }
}

extension MutatedModule {
    /// The module's sources by path.
    fileprivate func readSources(in checkout: URL) throws -> [String: String] {
        let folder = "Sources/\(name)"
        guard let enumerator = FileManager.default.enumerator(atPath: checkout.appending(path: folder).path) else {
            throw MutationError("no folder \(folder)")
        }
        var sources: [String: String] = [:]
        while let path = enumerator.nextObject() as? String {
            guard path.hasSuffix(".swift") else { continue }
            let file = "\(folder)/\(path)"
            sources[file] = try String(contentsOf: checkout.appending(path: file), encoding: .utf8)
        }
        return sources
    }
}
