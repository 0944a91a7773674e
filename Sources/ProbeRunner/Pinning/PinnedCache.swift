import Foundation
import JSONDocuments
import Probe
import Scenario

/// A scenario that passes as long as a cache behaves as a probe found it: what is a hit, for how long, and what a write
/// does.
package struct PinnedCache: Sendable {
    /// The scenario's file.
    package let text: String

    /// Shortly before and after the end of a lifetime, as shares of it.
    private static let (before, after) = (0.9, 1.1)

    /// - Parameters:
    ///   - write: the step that writes.
    ///   - read: the step that reads.
    ///   - summary: what the probe found, for a comment.
    /// - Returns: nil if hits cannot be told from misses, or the lifetime is not known.
    package init?(_ findings: CacheFindings, write: PinnedRequest, read: PinnedRequest, summary: String) {
        guard let signal = findings.visibleBy.value.flatMap(Signal.init), let lifetime = findings.ttlSeconds.value,
            let isFresh = findings.freshAfterWrite.value, findings.slides.value != true,
            findings.revalidates.value != true, let writing = write.request(), let reading = read.request()
        else { return nil }

        func step(_ id: String, _ request: JSON, _ expectation: JSON? = nil) -> JSON {
            var members = JSONObject([("id", .string(id)), ("request", request)])
            members["expect"] = expectation ?? ["status": "2xx"]
            return .object(members)
        }
        func sleep(_ id: String, _ seconds: Double) -> JSON {
            ["id": .string(id), "sleep": .string("\(Int((1000 * seconds).rounded()))ms")]
        }
        var steps = [
            sleep("wait for an empty cache", Self.after * lifetime), step("fill", reading, signal.miss),
            step("hit", reading, signal.hit), step("write", writing),
        ]
        if isFresh {
            steps += [step("fill again", reading, signal.miss), step("hit again", reading, signal.hit)]
        } else {
            steps.append(step("hit after the write", reading, signal.hit))
        }
        steps += [
            sleep("wait until shortly before the end", Self.before * lifetime), step("late hit", reading, signal.hit),
            sleep("wait until shortly after the end", (Self.after - Self.before) * lifetime),
            step("miss", reading, signal.miss),
        ]
        var members = JSONObject()
        members["name"] = "the cache behaves as it did"
        for (name, value) in read.members() { members[name] = value }
        members["steps"] = .array(steps)
        text = PinnedRequest.comment(summary) + JSON.object(members).serialized(indent: 2) + "\n"
    }

    /// How a hit shows, as expectations.
    private struct Signal {
        let hit: JSON
        let miss: JSON

        /// - Parameter text: `header NAME=VALUE` or `field NAME contains WORD`.
        init?(_ text: String) {
            let words = text.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2 else { return nil }
            let halves = words[1].components(separatedBy: " contains ")
            let parts = halves.count == 2 ? halves : words[1].split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            let isHit: JSON = halves.count == 2 ? ["contains": .string(parts[1])] : .string(parts[1])
            let expectation: (JSON) -> JSON
            switch words[0] {
            case "header": expectation = { ["headers": .object(JSONObject([(parts[0], $0)]))] }
            case "field":
                let path = "$['\(parts[0].replacing("'", with: "\\'"))']"
                expectation = { ["json": .object(JSONObject([(path, $0)]))] }
            default: return nil
            }
            hit = expectation(isHit)
            miss = expectation(["not": isHit])
        }
    }
}
