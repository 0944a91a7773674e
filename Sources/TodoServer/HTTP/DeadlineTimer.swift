import NIOCore

/// A deadline that moves with every request yet seldom touches the event loop's timers: a timer that fires
/// before the deadline only sets itself again.
struct DeadlineTimer {
    private final class Shared {
        var deadline: NIODeadline?
        var fires: NIODeadline = .distantFuture
        var timer: Scheduled<Void>?
        var action: (() -> Void)?
    }

    private let shared = Shared()

    /// Sets the deadline, from now.
    func set(to time: TimeAmount, on eventLoop: any EventLoop, _ action: @escaping () -> Void) {
        shared.action = action
        move(to: .now() + time, on: eventLoop)
    }

    /// Brings the deadline nearer; one that is nearer already stays.
    func shorten(to time: TimeAmount, on eventLoop: any EventLoop) {
        guard let deadline = shared.deadline else { return }
        let nearer = NIODeadline.now() + time
        if nearer < deadline { move(to: nearer, on: eventLoop) }
    }

    /// No deadline until the next `set`.
    func suspend() {
        shared.deadline = nil
    }

    func cancel() {
        shared.deadline = nil
        shared.action = nil
        shared.timer?.cancel()
        shared.timer = nil
    }

    private func move(to deadline: NIODeadline, on eventLoop: any EventLoop) {
        shared.deadline = deadline
        // The timer that is set fires early enough: it will find the new deadline then.
        guard shared.timer == nil || shared.fires > deadline else { return }
        shared.timer?.cancel()
        shared.fires = deadline
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        shared.timer = eventLoop.scheduleTask(deadline: deadline) { bound.value.fire(on: eventLoop) }
    }

    private func fire(on eventLoop: any EventLoop) {
        shared.timer = nil
        guard let deadline = shared.deadline else { return }
        if deadline <= .now() {
            shared.action?()
        } else {
            move(to: deadline, on: eventLoop)
        }
    }
}
