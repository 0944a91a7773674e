/// What the probe of a cache is about to find out. Numbers count the experiments.
package enum CacheStage: Equatable, Sendable {
    case freshness(Int)
    case expiry(Int)
    case sliding(Int)
    case scope(Int)
    case validation(Int)
    case race(Int)
    case stampede(Int)
    case variation(Int)
    case finished

    package var description: String {
        switch self {
        case .freshness: "whether a read after a write shows the new value"
        case .expiry: "how long an entry lives"
        case .sliding: "whether reads prolong the life of an entry"
        case .scope: "whether users share entries"
        case .validation: "whether ETag follows the body"
        case .race: "whether a slow read can restore an old value"
        case .stampede: "how many concurrent reads reach the origin"
        case .variation: "whether Vary is obeyed"
        case .finished: "finished"
        }
    }
}
