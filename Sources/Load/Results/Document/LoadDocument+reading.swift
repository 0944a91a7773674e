import Foundation
import Histogram
import Scenario
import Trace

/// Why a file is not the result of a load.
package struct UnreadableResult: Error, CustomStringConvertible {
    package let description: String
}

extension EvaluatedLoad {
    /// Reads the load that a ``LoadDocument`` was written from. Its thresholds are evaluated again.
    package init(reading data: Data) throws(UnreadableResult) {
        struct Format: Decodable { var format: String? }
        let decoder = JSONDecoder()
        guard let format = try? decoder.decode(Format.self, from: data), let name = format.format else {
            throw UnreadableResult(description: "not a result of gauntlet load --report json=")
        }
        guard name == LoadDocument.format else {
            throw UnreadableResult(
                description: "unsupported format \(name); expected \(LoadDocument.format)")
        }
        do {
            let document = try decoder.decode(LoadDocument.self, from: data)
            self.init(try LoadResult(document))
            thresholds = document.thresholds.map { $0.evaluated(on: result) }
            audits = document.audits
        } catch let error as UnreadableResult {
            throw error
        } catch let DecodingError.keyNotFound(key, context) {
            let path = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
            throw UnreadableResult(description: "incomplete result: \"\(path)\" is missing")
        } catch {
            throw UnreadableResult(description: "malformed result: \(error)")
        }
    }
}

extension LoadDocument.Threshold {
    fileprivate func evaluated(on result: LoadResult) -> EvaluatedThreshold {
        let known: ThresholdVerdict =
            switch verdict {
            case ThresholdVerdict.passed.name: .passed
            case ThresholdVerdict.failed.name: .failed
            default: .undecided(reason ?? .unreadable)
            }
        return EvaluatedThreshold(
            LoadMetric(metric, steps: result.steps.map(\.id), classes: result.classes), name: metric, comparison, value,
            place: "", of: result, otherwise: known)
    }
}

extension LoadResult {
    fileprivate init(_ document: LoadDocument) throws {
        guard let started = try? LoadDocument.timeStyle.parse(document.startedAt) else {
            throw UnreadableResult(description: "\"\(document.startedAt)\" is not a valid time")
        }
        var model = ModelSummary(.closed)
        model.isOpen = document.model.kind == "open"
        model.rates = document.model.rates
        model.distribution = document.model.arrivals.flatMap(ArrivalSchedule.Distribution.init)
        model.seed = document.model.seed
        try self.init(
            name: document.scenario, target: document.target, model: model, startedAt: started.timeIntervalSince1970,
            virtualUsers: document.virtualUsers, maximumRequests: document.maxRequests,
            warmUp: document.warmUpMs.nanoseconds, duration: document.durationMs.nanoseconds,
            measured: document.measuredMs.nanoseconds, wasInterrupted: document.wasInterrupted,
            classes: document.classes, steps: document.steps.map { try $0.result(classes: document.classes) },
            offered: document.arrivals?.due ?? 0, offeredRate: document.arrivals?.rate ?? 0,
            arrivalsWithoutUser: document.arrivals?.withoutUser ?? 0, bunchedArrivals: document.arrivals?.bunched ?? 0,
            lag: Lag(
                server: document.lag.server.read(), generator: document.lag.generator.read(),
                receive: document.lag.receive.read()),
            reconnects: document.reconnects.map {
                ReconnectCount(
                    failure: $0.key == LoadDocument.closedByServer ? nil : try .named($0.key), count: $0.value)
            }.sorted { $0.count > $1.count },
            seconds: document.seconds.map { try $0.summary(classes: document.classes) },
            generator: GeneratorUsage(threads: document.generator.threads.map(\.usage)), parts: document.parts)
        try check()
    }

    /// Rejects values that no load can produce, so that nothing done with the result can trap.
    private func check() throws(UnreadableResult) {
        func require(_ condition: Bool, _ problem: @autoclosure () -> String) throws(UnreadableResult) {
            guard condition else { throw UnreadableResult(description: problem()) }
        }
        try require(magnitude != nil, "a number is negative or too large")
        try require(Set(classes).count == classes.count, "two classes have the same name")
        try require(Set(steps.map(\.id)).count == steps.count, "two steps have the same id")
        for step in steps {
            for group in [step.all] + step.classes {
                let times = group.times
                let isWhole = [times.response, times.service, times.adjustedResponse, times.adjustedService].allSatisfy
                {
                    $0.totalCount == UInt64(group.count)
                }
                try require(isWhole, "a histogram of \(step.id) does not have one sample per response")
                try require(group.late <= group.count, "\(step.id) has more late responses than responses")
            }
            let isWhole = step.censored.adjustedResponse.totalCount == step.censored.response.totalCount
            try require(isWhole, "the censored histograms of \(step.id) differ in sample count")
        }
    }
}

extension ErrorKind {
    fileprivate static func named(_ name: String) throws -> ErrorKind {
        guard let kind = ErrorKind(rawValue: name) else {
            throw UnreadableResult(description: "\"\(name)\" is not a known kind of error")
        }
        return kind
    }
}

extension LoadDocument.Step {
    fileprivate func result(classes names: [String]) throws -> LoadStepResult {
        LoadStepResult(
            id: id, all: try all.result(),
            classes: try names.map { name in
                guard let group = classes[name] else {
                    throw UnreadableResult(description: "step \"\(id)\" has no class \"\(name)\"")
                }
                return try group.result()
            }, statuses: try LoadDocument.byNumber(statuses), failedResponses: failedResponses, failures: failures,
            errors: Dictionary(
                uniqueKeysWithValues: try errors.map { (try ErrorKind.named($0.key), $0.value) }),
            unfinished: Dictionary(
                uniqueKeysWithValues: try unfinished.map { (try UnfinishedReason.named($0.key), $0.value) }),
            censored: try censored.read(),
            admission: try admission.map { AdmissionTimes(times: try $0.waited.read(), waiting: $0.waiting) },
            assertions: assertions)
    }
}

extension UnfinishedReason {
    fileprivate static func named(_ name: String) throws -> UnfinishedReason {
        guard let reason = UnfinishedReason(rawValue: name) else {
            throw UnreadableResult(description: "\"\(name)\" is not a known reason for an unfinished request")
        }
        return reason
    }
}

extension LoadDocument.Censored {
    fileprivate func read() throws -> CensoredTimes {
        var times = CensoredTimes()
        times.response = try LoadDocument.histogram(responseTime)
        times.adjustedResponse = try adjustedResponseTime.map(LoadDocument.histogram) ?? times.response
        times.service = try LoadDocument.histogram(serviceTime)
        return times
    }
}

extension LoadDocument {
    fileprivate static func byNumber(_ statuses: [String: Int]) throws -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for (name, count) in statuses {
            guard let status = Int(name), counts.updateValue(count, forKey: status) == nil else {
                throw UnreadableResult(description: "\"\(name)\" is not a status code, or is repeated")
            }
        }
        return counts
    }

    fileprivate static func histogram(_ text: String) throws -> TimeHistogram {
        guard let data = Data(base64Encoded: text), let times = TimeHistogram(encodedBytes: Array(data)) else {
            throw UnreadableResult(description: "a histogram cannot be decoded")
        }
        return times
    }
}

extension LoadDocument.Group {
    fileprivate func result() throws -> ResponseGroup {
        var times = Timing(response: try responseTime.read(), service: try serviceTime.read())
        if let adjusted = responseTime.adjustedHistogram {
            times.adjustedResponse = try LoadDocument.histogram(adjusted)
        }
        if let adjusted = serviceTime.adjustedHistogram {
            times.adjustedService = try LoadDocument.histogram(adjusted)
        }
        return ResponseGroup(count: count, late: late, rate: rate, bytes: bytes, times: times)
    }
}

extension LoadDocument.Times {
    fileprivate func read() throws -> TimeHistogram { try LoadDocument.histogram(histogram) }
}

extension LoadDocument.Second {
    fileprivate func summary(classes names: [String]) throws -> SecondSummary {
        try SecondSummary(
            second: second, duration: durationMs.nanoseconds, offered: offered, begun: begun, responses: responses,
            bytes: bytes,
            errors: errors,
            failedResponses: failedResponses, classes: names.map { classes[$0] ?? 0 },
            statuses: LoadDocument.byNumber(statuses), p50: p50Ms?.nanoseconds,
            p99: p99Ms?.nanoseconds)
    }
}

extension LoadDocument.Thread {
    fileprivate var usage: ThreadUsage {
        ThreadUsage(
            user: userMs.nanoseconds, system: systemMs.nanoseconds, wakeUpBatching: wakeUpBatchingMs.nanoseconds,
            watched: busyWaitMs.nanoseconds, runDelay: runDelayMs.nanoseconds)
    }
}
