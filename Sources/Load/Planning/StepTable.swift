/// The plan's steps as plain memory, so that a worker reaches a request's bytes without reference counting.
struct StepTable: ~Copyable {
    enum Kind: UInt8 {
        case exchange, pause, parallel
    }

    struct Step {
        /// The bytes of a constant request; nil for a rendered request and for other kinds of steps.
        var request: UnsafeMutableRawPointer?
        var requestCount = 0
        /// Whether the request is rendered in every iteration, rather than only when the user's variables change.
        var isRenderedAlways = false
        /// The indices of the compiled request and checks, or -1.
        var compiledRequest: Int32 = -1
        var compiledChecks: Int32 = -1
        var pause: Nanoseconds = 0
        var timeout: Nanoseconds = 0
        var limits = ResponseParser.Limits()
        var repeats: Int32
        var kind = Kind.exchange
        var isBodiless = false
        var isIdempotent = false
        /// The next step; -1 at the end of the iteration or of a branch of a `parallel`.
        var next: Int32 = -1
        /// For a `parallel` or a burst, how many connections it runs on at once.
        var branches: Int32 = 0
        /// How many of the following steps belong to it: one for each branch of a `parallel`, and one for a burst.
        var inner: Int32 = 0
        /// For a burst, how many times the following step runs in all; 0 for a `parallel`.
        var burst: Int32 = 0
        var isMemoisable: Bool
        var captures: Bool
        /// The step that connection failures before this step are counted for: itself, or the next one with a request.
        var accountable: Int32 = 0
        /// ``HeaderInterest/names``; empty if no check mentions a header.
        var interest: UnsafeMutableRawBufferPointer
    }

    let steps: UnsafeMutablePointer<Step>
    let count: Int
    let compiledRequests: [CompiledRequest]
    let compiledChecks: [CompiledChecks]

    init(_ planned: [PlannedStep], settings: EngineSettings) {
        count = planned.count
        steps = .allocate(capacity: max(count, 1))
        var (requests, checks): ([CompiledRequest], [CompiledChecks]) = ([], [])
        for (index, step) in planned.enumerated() {
            (steps + index).initialize(to: Self.step(step, settings))
            if case .exchange(let request) = step.action, let compiled = request.compiled {
                steps[index].compiledRequest = Int32(requests.count)
                requests.append(compiled.copy())
            }
            if let compiled = step.compiledChecks {
                steps[index].compiledChecks = Int32(checks.count)
                checks.append(compiled.copy())
            }
        }
        (compiledRequests, compiledChecks) = (requests, checks)
        link()
    }

    /// Links the steps of an iteration. Branches follow their `parallel` and have no next step.
    private func link() {
        var index = 0
        while index < count {
            let next = index + 1 + Int(steps[index].inner)
            steps[index].next = next < count ? Int32(next) : -1
            index = next
        }
        for index in 0..<count {
            let behind = (index..<count).first { steps[$0].kind == .exchange }
            steps[index].accountable = Int32(behind ?? (0..<index).first { steps[$0].kind == .exchange } ?? index)
        }
    }

    private static func step(_ planned: PlannedStep, _ settings: EngineSettings) -> Step {
        var step = Step(
            repeats: Int32(clamping: max(1, planned.repeats)), isMemoisable: planned.isMemoisable,
            captures: planned.captures,
            interest: copy(planned.interest.names))
        switch planned.action {
        case .pause(let time):
            step.kind = .pause
            step.pause = time
        case .parallel(let count):
            step.kind = .parallel
            (step.branches, step.inner) = (Int32(count), Int32(count))
        case .burst(let count, let connections):
            step.kind = .parallel
            (step.branches, step.inner, step.burst) = (Int32(connections), 1, Int32(count))
        case .exchange(let request):
            step.isBodiless = request.isBodiless
            step.isIdempotent = request.isIdempotent
            step.timeout = Nanoseconds(request.timeout)
            step.limits = settings.responseLimits(body: request.bodyLimit)
            switch request.bytes {
            case .constant(let bytes):
                let bytes = copy(bytes)
                step.request = bytes.baseAddress
                step.requestCount = bytes.count
            case .perUser: break
            case .rendered: step.isRenderedAlways = true
            }
        }
        return step
    }

    private static func copy(_ bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyBytes(from: bytes)
        return copy
    }

    deinit {
        for index in 0..<count {
            steps[index].request?.deallocate()
            steps[index].interest.deallocate()
        }
        steps.deallocate()
    }
}
