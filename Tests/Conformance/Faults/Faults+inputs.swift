import NIOHTTP1

@testable import TodoServer

// Bodies that are validated too strictly, too loosely, or not at all.
extension Fault {
    /// A server that changes a JSON body before validating it.
    private static func body(
        _ name: String, _ cases: String..., change: @escaping @Sendable (inout JSONObject) -> Void
    ) -> Fault {
        Fault(
            name, cases,
            asking: { request in
                guard request.path.hasPrefix("/todos"), case .object(var object)? = request.json else { return }
                change(&object)
                request.json = .object(object)
            })
    }

    /// A server that rejects some valid JSON bodies.
    private static func refusing(
        _ name: String, _ caught: String, where isWrong: @escaping @Sendable (JSONObject) -> Bool
    ) -> Fault {
        Fault(
            name, caught,
            instead: { request in
                guard request.path.hasPrefix("/todos"), case .object(let object)? = request.json, isWrong(object) else {
                    return nil
                }
                return HTTPError.invalid([.missing("title", in: .null)]).response
            })
    }

    private static func title(_ object: JSONObject) -> String? {
        if case .string(let title)? = object["title"] { title } else { nil }
    }

    static let inputs: [Fault] = [
        Fault(
            "rejects an invalid todo with 400", "INPUT-1",
            answering: { if $0.path == "/todos", $1.status == .unprocessableEntity { $1.status = .badRequest } }),
        body("converts a number to a title", "INPUT-2", "INPUT-5") { object in
            if case .number(let text)? = object["title"] { object.set("title", .string(text)) }
        },
        Fault(
            "accepts a malformed body", "INPUT-3",
            asking: { if $0.path == "/todos", $0.text == #"{"title": "half"# { $0.text = #"{"title":"x"}"# } }),
        Fault(
            "reports \"value_error.missing\"", "INPUT-4",
            answering: { $1.text = $1.text.replacing(#""type":"missing""#, with: #""type":"value_error.missing""#) }),
        Fault(
            "does not report the location in the body", "INPUT-4",
            answering: { $1.text = $1.text.replacing(#"["body","title"]"#, with: #"["title"]"#) }),
        body("converts null to a title", "INPUT-5") { object in
            if object["title"] == .null { object.set("title", .string("null")) }
        },
        refusing("accepts at most 199 characters", "INPUT-6") { (title($0)?.unicodeScalars.count ?? 0) >= 200 },
        refusing("accepts at most 200 bytes", "INPUT-6") { (title($0)?.utf8.count ?? 0) > 200 },
        refusing("accepts at most 200 UTF-16 code units", "INPUT-6") { (title($0)?.utf16.count ?? 0) > 200 },
        body("truncates a long title", "INPUT-6", "INPUT-11") { object in
            if let title = title(object) { object.set("title", .string(String(title.prefix(200)))) }
        },
        body("counts grapheme clusters instead of code points", "INPUT-6") { object in
            if let title = title(object), title.count <= 200, title.unicodeScalars.count > 200 {
                object.set("title", .string("x"))
            }
        },
        body("accepts an empty title", "INPUT-6") { object in
            if title(object) == "" { object.set("title", .string(" ")) }
        },
        body("accepts \"true\" and 1 as true", "INPUT-7") { object in
            if [.string("true"), .string("yes"), .number("1")].contains(object["completed"]) {
                object.set("completed", .bool(true))
            }
        },
        Fault(
            "rejects malformed JSON with 400", "INPUT-8",
            answering: { if $1.text.contains("json_invalid") { $1.status = .badRequest } }),
        Fault(
            "ignores text after the JSON", "INPUT-8",
            asking: { if $0.text.hasSuffix("} {}") { $0.text = String($0.text.dropLast(3)) } }),
        Fault(
            "accepts NaN as a number", "INPUT-8", at: "/todos",
            asking: { $0.text = $0.text.replacing("NaN", with: "0").replacing("-Infinity", with: "0") }),
        Fault(
            "accepts JSON with comments", "INPUT-8", at: "/todos",
            asking: { $0.text = $0.text.replacing("/* c */", with: "") }),
        Fault(
            "accepts a list with one todo", "INPUT-9",
            asking: { request in
                if case .array(let elements)? = request.json, let first = elements.first { request.json = first }
            }),
        Fault(
            "accepts 1 as true in a change", "INPUT-11",
            asking: {
                if $0.method == .PATCH { $0.text = $0.text.replacing(#""completed":1"#, with: #""completed":true"#) }
            }),
        refusing("rejects unknown fields", "INPUT-10") { $0["user_id"] != nil },
        Fault(
            "returns unknown fields", "INPUT-10",
            answering: { request, response in
                guard request.path == "/todos", response.status == .created,
                    case .object(let body)? = request.json, body["owner"] != nil
                else { return }
                response.text = response.text.dropLast() + #","owner":"admin"}"#
            }),
        Fault(
            "does not validate changes", "INPUT-11",
            instead: { request in
                guard request.method == .PATCH, case .object(let body)? = request.json,
                    body["title"] == .number("7")
                else { return nil }
                return Response(json: "{}")
            }),
        refusing("accepts at most 32 KiB", "INPUT-12") { $0["filler"] != nil },
        refusing("accepts at most 65,000 bytes", "INPUT-12") { JSONValue.object($0).bytes.count > 65_100 },
        Fault(
            "accepts one byte more than 64 KiB", "INPUT-12",
            instead: { $0.fields.contentLength == 65_537 ? Response(status: .created, json: "{}") : nil }),
        Fault(
            "does not limit chunked bodies", "INPUT-12",
            instead: { request in
                guard request.fields.transferEncoding != nil, case .tooLarge = request.body else { return nil }
                return Response(status: .created, json: "{}")
            }),
        Fault(
            "rejects a long body with 400", "INPUT-12",
            answering: { if $1.status == .payloadTooLarge { $1.status = .badRequest } }),
        Fault(
            "accepts JSON with any Content-Type", "INPUT-13",
            asking: { if $0.path == "/todos" { $0.fields.contentType = "application/json" } }),
        Fault(
            "accepts a Content-Type that begins like JSON's", "INPUT-13", at: "/todos",
            asking: {
                if $0.fields.contentType?.hasPrefix("application/json") == true {
                    $0.fields.contentType = "application/json"
                }
            }),
        Fault(
            "rejects gzip but no other encoding", "INPUT-13", at: "/todos",
            asking: { if $0.fields.contentEncoding != "gzip" { $0.fields.contentEncoding = nil } }),
        Fault("ignores Content-Encoding", "INPUT-13", asking: { $0.fields.contentEncoding = nil }),
        Fault(
            "accepts only exactly \"application/json\"", "INPUT-14",
            instead: { request in
                guard let type = request.fields.contentType, request.path == "/todos", type != "application/json" else {
                    return nil
                }
                return HTTPError.unsupportedMediaType("JSON, please").response
            }),
        body("accepts Title as title", "INPUT-16") { object in
            if object["title"] == nil, let title = object["Title"] { object.set("title", title) }
        },
        body("accepts Completed as completed", "INPUT-16") { object in
            if let completed = object["Completed"] { object.set("completed", completed) }
        },
    ]
}

extension JSONObject {
    mutating func set(_ name: String, _ value: JSONValue) {
        members.removeAll { $0.name == name }
        members.append(.init(name: name, value: value))
    }
}
