import Mustache

extension ProbeReport {
    /// A single self-contained HTML page, without scripts or external resources.
    package static var html: ProbeReport { ProbeReport("html") { result, _ in try page(result) } }

    /// - Throws: if the template is malformed, which the tests would catch.
    private static func page(_ result: ProbeResult) throws -> String {
        let name = "MARKUP"
        MustacheContentTypes.register(MarkupText(), named: name)
        var library = MustacheLibrary()
        let text = "{{% CONTENT_TYPE:\(name)}}" + String(decoding: PackageResources.probe_mustache, as: UTF8.self)
        try library.register(text, named: "probe")
        let style = [PackageResources.run_css, PackageResources.probe_css].map { String(decoding: $0, as: UTF8.self) }
        let page = PageValues.reflect(ProbePage(result, style: style.joined())) ?? []
        return library.render(page, withTemplate: "probe") ?? ""
    }
}
