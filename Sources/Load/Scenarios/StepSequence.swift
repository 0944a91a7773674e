import Glibc
import Scenario

/// Runs setup or teardown for one user: each step in order, every response checked, values captured.
struct StepSequence: ~Copyable {
    private let file: SourceFile
    private let target: LoadTarget
    private var client: SequentialClient
    private(set) var scope: Scope
    private(set) var cookies: CookieJar
    private let stop: StopRequest
    var secrets: Secrets { scope.secrets }

    init(
        file: SourceFile, target: LoadTarget, client: consuming SequentialClient, scope: Scope, cookies: CookieJar,
        secrets: Secrets, stop: StopRequest
    ) {
        self.file = file
        self.target = target
        self.client = client
        self.scope = scope
        self.cookies = cookies
        self.stop = stop
        self.scope.secrets = secrets
    }

    /// Runs the steps. Setup stops at the first failure. Teardown continues, to remove as much as possible.
    /// - Returns: a diagnostic for the first failure: a transport error, a failed assertion, or a value that could not
    ///   be captured. Secrets are masked in it.
    mutating func run(_ steps: [Step], isTeardown: Bool) -> Diagnostic? {
        var first: Diagnostic?
        for step in steps where isTeardown || first == nil && !stop.isRaised {
            do throws(Diagnostic) { try run(step) } catch { first = first ?? secrets.redact(error) }
        }
        return first
    }

    private mutating func run(_ step: Step) throws(Diagnostic) {
        switch step.action {
        case .sleep(let time): sleep(time)
        case .request(let request):
            for number in 1...request.repetition.count where !stop.isRaised {
                try send(request, of: step, isLast: number == request.repetition.count)
            }
        case .parallel, .call: throw Diagnostic.unsupported(step, in: file)
        }
    }

    private func sleep(_ time: Duration) {
        let end = MonotonicClock.now() &+ Nanoseconds(time)
        while case let now = MonotonicClock.now(), now < end, !stop.isRaised {
            usleep(UInt32(min(end - now, 50_000_000) / 1000 + 1))
        }
    }

    private mutating func send(_ request: RequestStep, of step: Step, isLast: Bool) throws(Diagnostic) {
        var (rendered, bytes) = try request.request.bytes(in: file, target: target, scope: scope)
        let place = CookieScope(of: bytes, overTLS: target.tls != nil)
        cookies.expire(now: MonotonicClock.wallTime())
        bytes.insert(cookies: cookies.pairs(for: place))
        do throws(TemplateError) {
            try scope.secrets.insert(credentialsOf: rendered, from: request.request, in: scope)
        } catch {
            throw Diagnostic(.rendering, "\(error)", in: file, at: step.range)
        }
        let response: Response
        do throws(ExchangeFailure) {
            response = try client.exchange(
                bytes, method: rendered.method, options: rendered.options)
        } catch {
            throw Diagnostic(
                .transport, "no response in step \"\(step.id)\" from \(target.url): \(error.detail)", in: file,
                at: step.idRange)
        }
        let fields = response.headers.values(of: "Set-Cookie").map { Array($0.utf8)[...] }
        cookies.take(fields, from: place, now: MonotonicClock.wallTime())
        var examined = ExaminedResponse(response)
        if isLast { try capture(request.captures, from: &examined) }
        let mismatches: [Mismatch]
        do throws(TemplateError) {
            mismatches = try request.expectation.mismatches(of: &examined, in: scope)
        } catch {
            throw Diagnostic(.rendering, "\(error)", in: file, at: step.range)
        }
        guard let mismatch = mismatches.first else { return }
        let body = String(decoding: secrets.redact(response.body).prefix(300), as: UTF8.self)
        throw Diagnostic(
            .assertion, "\(mismatch.subject) is not as expected in step \"\(step.id)\"", in: file, at: mismatch.range,
            notes: [
                .init("expected", mismatch.expected), .init("actual", mismatch.actual),
                .init("response", "\(response.status) \(body)"),
            ])
    }

    private mutating func capture(_ captures: [Capture], from response: inout ExaminedResponse) throws(Diagnostic) {
        for capture in captures {
            let observed = response.observe(capture.query)
            guard let value = capture.value(of: observed) else {
                throw Diagnostic(
                    .capture, "nothing to capture as \"\(capture.name)\"", in: file, at: capture.range,
                    notes: [
                        .init("expected", "a value at \(capture.query.name)"),
                        .init("actual", ValueWords(hiding: secrets).text(of: observed)),
                    ])
            }
            scope.variables[capture.name] = value
            if capture.isSecret { scope.secrets.insert(value) }
        }
    }
}
