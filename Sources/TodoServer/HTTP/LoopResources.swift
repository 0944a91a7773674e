import NIOCore

/// What the connections of one event loop share.
final class LoopResources {
    let executor: EventLoopExecutor
    var encoder = ResponseEncoder()
    var ids = RequestIDs()

    init(eventLoop: any EventLoop) {
        executor = EventLoopExecutor(eventLoop: eventLoop)
    }
}
