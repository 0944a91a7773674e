/// How a thread waits for its sockets: asleep, resting between reads, or busy-waiting; and for how long it did each.
struct EventWaiting {
    /// Time of the measurement in which nothing was done but watch the clock.
    private(set) var watchedTime: Nanoseconds = 0
    /// Time of the measurement during which wake-ups were batched.
    private(set) var batchedTime: Nanoseconds = 0

    private let spin: Nanoseconds
    /// Whether requests are due by the clock.
    private let isOpenModel: Bool
    private var batching: WakeUpBatching
    /// When the current span of `batching` began, and the responses received since.
    private var spanStart: Nanoseconds = 0
    private var responses = 0

    init(_ settings: EngineSettings) {
        spin = Nanoseconds(settings.spin)
        isOpenModel = settings.model.isOpen
        batching = WakeUpBatching(from: settings.batchingRate ?? .infinity)
    }

    /// Starts counting the times anew, when the measurement begins.
    mutating func clearTimes() { (batchedTime, watchedTime) = (0, 0) }

    @inline(__always)
    mutating func noteResponse() { responses &+= 1 }

    /// Ends a span of wake-up batching. Each heartbeat ends one and begins the next.
    mutating func endSpan(at now: Nanoseconds, inFlight: Int) {
        let time = now &- spanStart
        if batching.mode == .batched { batchedTime += time }
        if !isOpenModel, spin == 0 {
            batching.endSpan(responses: responses, lasting: time, inFlight: inFlight)
        }
        spanStart = now
        responses = 0
    }

    /// Waits until sockets are ready, a heartbeat arrives or something is due.
    /// - Parameter instant: when something is due before the next heartbeat; nil if nothing is.
    /// - Returns: the number of events.
    mutating func wait<Transport: EngineTransport & ~Copyable>(
        on transport: borrowing Transport, _ clock: some EngineClock, until instant: Nanoseconds?
    ) -> Int {
        if spin > 0 {
            return isOpenModel
                ? watchClock(transport, clock, until: instant) : watchSockets(transport, clock, until: instant)
        }
        if batching.mode == .batched {
            let ready = rest(transport, clock, until: instant)
            if ready > 0 { return ready }
        }
        return sleep(transport, clock, until: instant)
    }

    private func sleep<Transport: EngineTransport & ~Copyable>(
        _ transport: borrowing Transport, _ clock: some EngineClock, until instant: Nanoseconds?
    ) -> Int {
        guard let instant else { return transport.wait() }
        let now = clock.now()
        return transport.wait(atMost: instant > now ? instant - now : 0)
    }

    /// Lets responses gather for a moment, unless some are ready.
    private func rest<Transport: EngineTransport & ~Copyable>(
        _ transport: borrowing Transport, _ clock: some EngineClock, until instant: Nanoseconds?
    ) -> Int {
        let ready = transport.poll()
        if ready > 0 { return ready }
        let now = clock.now()
        let end = min(now &+ WakeUpBatching.rest, instant ?? .max)
        if end > now { clock.sleep(end &- now) }
        return transport.poll()
    }

    /// Sleeps until shortly before something is due, then busy-waits on the clock and the sockets.
    private mutating func watchClock<Transport: EngineTransport & ~Copyable>(
        _ transport: borrowing Transport, _ clock: some EngineClock, until instant: Nanoseconds?
    ) -> Int {
        let begin = clock.now()
        let instant = instant ?? .max
        if instant > begin &+ spin {
            return instant == .max ? transport.wait() : transport.wait(atMost: instant - spin - begin)
        }
        return watch(transport, clock, until: instant)
    }

    /// Busy-waits on the sockets for a while before sleeping.
    ///
    /// In the closed model the server wakes this thread for nearly every response and, on one machine, pays for it. A
    /// thread that stays awake leaves the server more CPU time.
    private mutating func watchSockets<Transport: EngineTransport & ~Copyable>(
        _ transport: borrowing Transport, _ clock: some EngineClock, until instant: Nanoseconds?
    ) -> Int {
        let ready = watch(transport, clock, until: min(clock.now() &+ spin, instant ?? .max))
        return ready > 0 ? ready : sleep(transport, clock, until: instant)
    }

    /// Polls until something is ready. Only the CPU time counts as spent on watching, because time without a core could
    /// not have been saved.
    private mutating func watch<Transport: EngineTransport & ~Copyable>(
        _ transport: borrowing Transport, _ clock: some EngineClock, until end: Nanoseconds
    ) -> Int {
        var ready = transport.poll()
        if ready > 0 { return ready }
        let begin = clock.processorTime()
        while ready == 0, clock.now() < end { ready = transport.poll() }
        watchedTime &+= clock.processorTime() &- begin
        return ready
    }
}
