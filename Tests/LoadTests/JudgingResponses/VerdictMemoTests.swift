import Scenario
import Testing

@testable import Load

@Suite struct VerdictMemoTests {
    /// Looks up a response and, if it is not known, remembers a value for it.
    private func ask(
        _ memo: inout VerdictMemo, step: Int = 0, status: UInt16 = 200, headers: String = "", body: String,
        otherwise value: Int32
    ) -> Int32? {
        Array(headers.utf8).withUnsafeBytes { headers in
            Array(body.utf8).withUnsafeBytes { body in
                let key = VerdictMemo.Key(step: step, status: status, headers: headers, body: body)
                let known = memo.value(for: key)
                if known == nil { memo.remember(value, for: key) }
                return known
            }
        }
    }

    @Test("bytes are remembered from their second occurrence")
    func secondTime() {
        var memo = VerdictMemo(steps: 1)
        #expect(ask(&memo, body: "hello", otherwise: 7) == nil)
        #expect(memo.bytesHeld == 0)
        #expect(ask(&memo, body: "hello", otherwise: 7) == nil)
        #expect(memo.bytesHeld == 5)
        #expect(ask(&memo, body: "hello", otherwise: 8) == 7)
        #expect(ask(&memo, body: "other", otherwise: 9) == nil)
        #expect(ask(&memo, body: "hello", otherwise: 8) == 7)
    }

    @Test("responses that differ in step, status, headers or body are distinguished")
    func distinguishes() {
        var memo = VerdictMemo(steps: 2)
        for _ in 0..<2 {
            _ = ask(&memo, step: 0, status: 200, headers: "a: 1\n", body: "hello", otherwise: 1)
        }
        #expect(ask(&memo, step: 0, status: 200, headers: "a: 1\n", body: "hello", otherwise: 9) == 1)
        #expect(ask(&memo, step: 1, status: 200, headers: "a: 1\n", body: "hello", otherwise: 2) == nil)
        #expect(ask(&memo, step: 0, status: 201, headers: "a: 1\n", body: "hello", otherwise: 3) == nil)
        #expect(ask(&memo, step: 0, status: 200, headers: "a: 2\n", body: "hello", otherwise: 4) == nil)
        #expect(ask(&memo, step: 0, status: 200, headers: "a: 1\n", body: "hellO", otherwise: 5) == nil)
        #expect(ask(&memo, step: 0, status: 200, headers: "a: 1\nh", body: "ello", otherwise: 6) == nil)
        #expect(ask(&memo, step: 0, status: 200, headers: "", body: "", otherwise: 6) == nil)
    }

    @Test("the table stays correct and within its bounds with many entries")
    func bounds() {
        var memo = VerdictMemo(steps: 1, capacity: 64, byteLimit: 4096)
        for round in 0..<20 {
            for number in 0..<200 {
                let body = "\(number):" + String(repeating: "x", count: number)
                let known = ask(&memo, body: body, otherwise: Int32(number))
                #expect(known == nil || known == Int32(number), "round \(round)")
                #expect(memo.count <= 64)
                #expect(memo.bytesHeld <= 4096)
            }
        }
        #expect(memo.count > 0)
        let huge = String(repeating: "y", count: 2000)
        for _ in 0..<3 { #expect(ask(&memo, body: huge, otherwise: 1) == nil) }
    }

    @Test("captured values count towards the bounds and are dropped with their bytes")
    func capturedValues() {
        var memo = VerdictMemo(steps: 1, capacity: 64, byteLimit: 8192)
        for number in 0..<500 {
            let body = Array("body \(number)".utf8)
            // One response may use an eighth of the limit.
            let length = number % 7 == 0 ? 1024 : number
            let value = JSON.array([.string(String(repeating: "x", count: length)), .number(JSONNumber(number))])
            body.withUnsafeBytes { body in
                let key = VerdictMemo.Key(step: 0, status: 200, headers: .init(start: nil, count: 0), body: body)
                for _ in 0..<2 { memo.remember(1, for: key, captures: ["a": value]) }
                if let entry = memo.entry(for: key) {
                    #expect(memo.captures(entry) == ["a": value])
                } else {
                    #expect(length == 1024)
                }
            }
            #expect(memo.bytesHeld <= 8192)
            #expect(memo.captured.count == memo.count)
            let held = memo.captured.values.flatMap(\.values).reduce(0) { $0 + $1.serialized().utf8.count }
            #expect(held <= 8192)
        }
        #expect(memo.count > 0)
    }

    @Test("bodies that never repeat use no memory")
    func unique() {
        var memo = VerdictMemo(steps: 1)
        for number in 0..<10_000 { _ = ask(&memo, body: "body \(number)", otherwise: 1) }
        #expect(memo.bytesHeld == 0)
    }

    @Test("only the header fields that checks mention are collected")
    func interest() {
        let head = "HTTP/1.1 200 OK\r\nDate: 1\r\nX-One: a\r\nX-Folded: b\r\n c\r\nServer: s\r\nx-one: d\r\n\r\n"
        #expect(collect(["x-one", "X-FOLDED", "x"], head) == "X-One: a\r\nX-Folded: b\r\n c\r\nx-one: d\r\n")
        #expect(collect(["content-type"], head) == "")
        #expect(collect([], head) == "")
        #expect(collect(["date"], "HTTP/1.1 200 OK\r\nDate: \(String(repeating: "1", count: 99))\r\n\r\n") == nil)
    }

    private func collect(_ names: [String], _ head: String) -> String? {
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: 80, alignment: 1)
        defer { target.deallocate() }
        var count = 0
        let (names, head) = (HeaderInterest(names).names, Array(head.utf8))
        guard HeaderInterest.collect(names.span.bytes, from: head.span.bytes, into: target, count: &count) else {
            return nil
        }
        return String(decoding: target[..<count], as: UTF8.self)
    }
}
